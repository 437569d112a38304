/** The content of an `Authorization` header; null when there is none or it cannot be read. */
export type Credentials =
  | { readonly scheme: 'bearer'; readonly token: string }
  | { readonly scheme: 'basic'; readonly keyId: string; readonly keySecret: string };

/** Reads `Authorization` (RFC 6750 §2.1, RFC 7617 §2): schemes in any case, one space. */
export function readCredentials(header: string | undefined): Credentials | null {
  const [, scheme = '', value = ''] = /^(bearer|basic) +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { scheme: 'bearer', token: value };
    case 'basic':
      return basic(Buffer.from(value, 'base64').toString('utf8'));
    default:
      return null;
  }
}

function basic(pair: string): Credentials | null {
  const colon = pair.indexOf(':');
  return colon < 1
    ? null
    : { scheme: 'basic', keyId: pair.slice(0, colon), keySecret: pair.slice(colon + 1) };
}
