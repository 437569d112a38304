import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { KurrentUrl } from './kurrent-url.js';

/** A look takes this long at most. */
const LOOK_MS = 3_000;
const DEFAULT_PORT = 2113;
/** The first bytes of HTTP/2, which a server that expects TLS answers with an alert, or by hanging up. */
const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';
const TLS_ALERT = 0x15;

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;

const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);
const OUT_OF_DATE = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/**
 * Why a ledger server did not take us, and what to set: in words that name neither the URL nor anything that the server
 * said. For the start only, where nobody has been reached yet; the client itself calls all of these "unavailable".
 * @returns undefined where nothing better is known than what the client said
 */
export async function diagnose(url: KurrentUrl, error: unknown): Promise<string | undefined> {
  const code = codeOf(error);
  if (code === UNAUTHENTICATED) return 'the ledger server knows no such user with this password';
  if (code === PERMISSION_DENIED || typeOf(error) === 'access-denied') {
    return 'the user in LEDGER_URL may not read $all: give it a role that may, or an entry in the default ACL';
  }
  const found = await Promise.all(
    url.hosts.map((host) => (url.tls ? lookWithTls(url, host) : lookInPlain(host))),
  );
  // One node that answers as it should makes the others' silence no cause.
  return found.includes(undefined) ? undefined : found[0];
}

function lookWithTls({ forClient }: KurrentUrl, host: string): Promise<string | undefined> {
  const caFile = queryValue(forClient, 'tlscafile');
  const ca = caFile === undefined ? undefined : readAuthority(caFile);
  if (ca === null) return Promise.resolve('the file that tlsCAFile names cannot be read');
  const { hostname, port } = addressOf(host);
  return look((settle) => {
    const options = { host: hostname, port, ca, ALPNProtocols: ['h2'] };
    const socket = connectTls({ ...options, ...(isIP(hostname) === 0 && { servername: hostname }) }, () => {
      settle(undefined);
    });
    socket.on('error', (fault) => {
      settle(tlsFault(codeOf(fault)));
    });
    return socket;
  });
}

function tlsFault(code: unknown): string | undefined {
  if (typeof code !== 'string') return undefined;
  if (UNTRUSTED.has(code)) {
    return "the ledger server's certificate is of an authority that is not known here: name its file, tlsCAFile=…";
  }
  if (OUT_OF_DATE.has(code)) return "the ledger server's certificate has expired, or is not valid yet";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return "the ledger server's certificate is of another host name: use a name that stands in it";
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO' || code === 'ECONNRESET') {
    return 'the ledger server speaks no TLS: set tls=false, on a trusted network only';
  }
  return networkFault(code);
}

function lookInPlain(host: string): Promise<string | undefined> {
  const { hostname, port } = addressOf(host);
  return look((settle) => {
    const socket = connectPlain({ host: hostname, port }, () => socket.write(HTTP2_PREFACE, 'latin1'));
    const speaksTls = 'the ledger server speaks TLS: take tls=false out of the URL';
    socket.on('data', (answer) => {
      settle(answer[0] === TLS_ALERT ? speaksTls : undefined);
    });
    socket.on('end', () => {
      settle(speaksTls);
    });
    socket.on('error', (fault) => {
      settle(codeOf(fault) === 'ECONNRESET' ? speaksTls : networkFault(codeOf(fault)));
    });
    return socket;
  });
}

function networkFault(code: unknown): string | undefined {
  if (code === 'ECONNREFUSED') return 'nobody listens at the host and port in LEDGER_URL';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name in LEDGER_URL is not known here';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'there is no way to the host in LEDGER_URL';
  return undefined;
}

/** One connection, ended whatever comes of it. */
async function look(
  open: (settle: (cause: string | undefined) => void) => Socket,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = open(resolve);
  socket.setTimeout(LOOK_MS, () => {
    resolve(socket.connecting ? 'the host in LEDGER_URL does not answer' : undefined);
  });
  const cause = await promise;
  socket.destroy();
  return cause;
}

function addressOf(host: string): { readonly hostname: string; readonly port: number } {
  const { hostname, port } = new URL(`tcp://${host}`);
  return { hostname: hostname.replace(/^\[|\]$/gu, ''), port: port === '' ? DEFAULT_PORT : Number(port) };
}

function queryValue(url: string, name: string): string | undefined {
  const query = new URLSearchParams(url.split('?')[1]);
  return [...query].find(([key]) => key.toLowerCase() === name)?.[1];
}

function readAuthority(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;
const typeOf = (error: unknown): unknown => (error as { readonly type?: unknown } | null)?.type;
