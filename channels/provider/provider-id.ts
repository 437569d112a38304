/** As the ledger keeps it outside of what is sealed: no blanks, no `+`, and never the digits of a number alone. */
const PROVIDER_ID = /^(?![0-9]{3,15}$)[\w.:~-]{1,128}$/u;

/** What a provider calls a message, for the ledger; null for what might be a phone number, or is no text at all. */
export function providerId(said: unknown): string | null {
  return typeof said === 'string' && PROVIDER_ID.test(said) ? said : null;
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/u;

/** Our own id of a message, as a provider hands it back; null for anything else. */
export function ownMessageId(said: unknown): string | null {
  return typeof said === 'string' && ULID.test(said) ? said : null;
}
