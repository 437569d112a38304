import { MASK } from '../../domain/mask.js';

/** One entry of `channel_credentials`; its kinds differ by channel. */
export type Credential = Readonly<Record<string, unknown>>;

/** By name, since each channel has kinds of its own: token, secret, password, api_key, aes_key, sender_key. */
const SECRET_NAME = /token|secret|password|key/i;

/** Channels whose entry has `static_bearer`: typed clients refuse one without. */
const BEARER_CHANNELS: ReadonlySet<unknown> = new Set(['SMS', 'WHATSAPP', 'RCS', 'VIBERBM']);

const isObject = (value: unknown): value is Credential =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value with every secret in it replaced; an empty text is none, and nulls are left out. */
function mapValue(
  name: string,
  value: unknown,
  replace: (secret: string, path: string) => string,
  path: string,
): unknown {
  if (isObject(value)) return mapSecrets(value, replace, path);
  if (Array.isArray(value))
    return value.map((item, at) => mapValue(name, item, replace, `${path}.${String(at)}`));
  return typeof value === 'string' && value !== '' && SECRET_NAME.test(name) ? replace(value, path) : value;
}

/** The same entry with every secret in it replaced: sealed for the ledger, opened, or masked. */
export function mapSecrets(
  entry: Credential,
  replace: (secret: string, path: string) => string,
  path = '',
): Credential {
  return Object.fromEntries(
    Object.entries(entry)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, mapValue(name, value, replace, `${path}.${name}`)]),
  );
}

/** As it is shown: masked, with what typed clients expect of every entry. */
export function showCredential(entry: Credential): Credential {
  const shown = mapSecrets(entry, () => MASK);
  const bearer = shown['static_bearer'];
  return {
    ...shown,
    ...(BEARER_CHANNELS.has(shown['channel'])
      ? { static_bearer: { claimed_identity: '', token: '', ...(isObject(bearer) ? bearer : {}) } }
      : {}),
    state: { status: 'ACTIVE', description: '' },
    channel_known_id: '',
    credential_ordinal_number: shown['credential_ordinal_number'] ?? 0,
  };
}

const sameEntry = (a: Credential, b: Credential): boolean =>
  a['channel'] === b['channel'] &&
  (a['credential_ordinal_number'] ?? 0) === (b['credential_ordinal_number'] ?? 0);

/** Whoever sends back what was shown means the secrets that stand: each mask becomes the secret that it hid. */
export function unmask(given: readonly Credential[], current: readonly Credential[]): readonly Credential[] {
  return given.map((entry) => {
    const known = new Map<string, string>();
    const before = current.find((other) => sameEntry(entry, other));
    if (before !== undefined) {
      mapSecrets(before, (secret, path) => {
        known.set(path, secret);
        return secret;
      });
    }
    return mapSecrets(entry, (secret, path) => (secret === MASK ? (known.get(path) ?? secret) : secret));
  });
}
