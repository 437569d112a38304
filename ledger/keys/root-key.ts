import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { subscriber } from '../../domain/identity/identity.js';
import { UnsealFailed } from '../errors.js';

/** A root key has so many bytes. */
export const ROOT_KEY_BYTES = 32;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEAL_PREFIX = 's1.';
/** These are 160 bits, so that no two contacts meet by chance. */
const CONTACT_ID_HEX = 40;
const KEY_CHECK_HEX = 32;

/** An identity on the channel that it is one of. */
export interface ChannelIdentity {
  readonly channel: string;
  readonly identity: string;
}

/** Everything that is derived from the one root secret. */
export interface RootKey {
  /** Derives the opaque id of one subscriber within one app, however the identity is spelled: 40 lower-case hex digits. */
  contactId(projectId: string, appId: string, who: ChannelIdentity): string;
  /** Gives the hex HMAC of a message text, for ids of events. */
  textHmac(text: string): string;
  /** Gives the hex HMAC of a URL, for ids of endpoints that a send names itself. */
  urlHmac(url: string): string;
  /** Signs access tokens (HS256). */
  readonly jwtKey: Uint8Array;
  /**
   * Encrypts a secret for the ledger (AES-256-GCM, fresh nonce).
   * @param context where it stands, e.g. an endpoint's id: a sealed value moved elsewhere does not open
   */
  seal(plain: string, context: string): string;
  /** Opens a sealed text. @throws UnsealFailed when it was altered, sealed by another key or for another context */
  open(sealed: string, context: string): string;
  /** Tells this key from another without telling the key; stands in `ledger-created`. */
  readonly keyCheck: string;
}

/** Derives all keys by HKDF-SHA256 (RFC 5869). @throws RangeError unless `bytes` are 32 */
export function openRootKey(bytes: Uint8Array): RootKey {
  if (bytes.length !== ROOT_KEY_BYTES) {
    throw new RangeError(`a root key has ${String(ROOT_KEY_BYTES)} bytes, not ${String(bytes.length)}`);
  }
  const derive = (label: string): Buffer =>
    Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), `optledger ${label}`, 32));
  // This key never rotates, because contact ids and event ids hang on it.
  const contactKey = createSecretKey(derive('contact-id'));
  const sealKey = derive('seal');
  // The purpose is part of what is hashed, so that a text and a URL never share a value.
  const hmac = (...parts: readonly string[]): string =>
    createHmac('sha256', contactKey).update(JSON.stringify(parts)).digest('hex');
  return {
    contactId: (projectId, appId, { channel, identity }) => {
      const { family, canonical } = subscriber(channel, identity);
      return hmac('contact', projectId, appId, family, canonical).slice(0, CONTACT_ID_HEX);
    },
    textHmac: (text) => hmac('text', text),
    urlHmac: (url) => hmac('url', url),
    jwtKey: new Uint8Array(derive('jwt')),
    seal: (plain, context) => seal(sealKey, plain, context),
    open: (sealed, context) => open(sealKey, sealed, context),
    keyCheck: derive('key-check').toString('hex').slice(0, KEY_CHECK_HEX),
  };
}

function seal(key: Buffer, plain: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return SEAL_PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function open(key: Buffer, sealed: string, context: string): string {
  const bytes = Buffer.from(sealed.slice(SEAL_PREFIX.length), 'base64url');
  if (!sealed.startsWith(SEAL_PREFIX) || bytes.length < NONCE_BYTES + TAG_BYTES) {
    throw new UnsealFailed('not a sealed text');
  }
  const tagEnd = NONCE_BYTES + TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, tagEnd));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]).toString('utf8');
  } catch {
    throw new UnsealFailed('sealed by another key, for another place, or altered');
  }
}
