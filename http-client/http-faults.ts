import type { HttpFault } from './http-sender.js';

/** Says what the codes of Node, of the system and of the HTTP client mean to us. */
const FAULTS: Readonly<Record<string, HttpFault>> = {
  ADDRESS_BLOCKED: 'blocked',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  EAI_AGAIN: 'dns-unavailable',
  EAI_FAIL: 'dns-unavailable',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
};

/** Names of OpenSSL's verdicts on a certificate hold one of these words. */
const TLS_CODE = /CERT|TLS|SSL|SELF_SIGNED|HOSTNAME_MISMATCH|CRL|CA_|INVALID_PURPOSE/u;

/** Reads the code of what a request failed with; the message may hold addresses and is not looked at. */
export function faultOf(error: unknown): HttpFault {
  const code = codeOf(error);
  const fault = FAULTS[code];
  if (fault !== undefined) return fault;
  if (code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError'))
    return 'protocol';
  return TLS_CODE.test(code) ? 'tls' : 'other';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
