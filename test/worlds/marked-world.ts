import type { Mark } from '../support/privacy/marks.js';
import { startWebhookReceiver, type Received } from '../support/stand-ins/webhook-receiver.js';
import type { ScriptedServer, Step } from '../support/stand-ins/scripted-server.js';

/** Digits that every marked phone number begins with. */
const DIGITS = '467351926';
/** The same person's number as people write it; all mean a number that begins with the digits. */
export const SPELLINGS = [
  `${DIGITS}01`,
  `+${DIGITS}02`,
  `0046 735 19 26 03`,
  `+46 (735) 19-26-04`,
  `46.735.192.605`,
];
export const phoneOf = (n: number): string => `${DIGITS}${String(n).padStart(2, '0')}`;
export const NATIONAL = '0735192606';
export const BRAND = 'MarkedBrand7Zq';
export const SENDER = 'MarkedSender9Qx';
export const PSID = 'marked.psid.8842-Qz';

export const PLAIN = 'plain-mark-zq81 "quoted"\\';
export const FOREIGN = 'žluťoučký-ύπνος-признак-🦓';
export const METADATA = 'metadata-mark-zq82';
export const CORRELATION = 'correlation-mark-zq83';
export const OWN_WORDS = 'own-words-mark-zq80';
export const EVIDENCE = 'evidence-mark-zq89';
export const QUERY = 'query-mark-zq84';
export const IDEMPOTENCY = 'idempotency-mark-zq85';
export const REASON = 'reason-mark-zq86';
/** Not like a field's name: what looks like one is named in the error. */
export const KEY = 'unknown key mark zq87';
export const WRONG_SECRET = 'wrong-secret-mark-zq88';
export const HOOK_SECRET = 'hook-secret-mark-zq90';
export const GATEWAY_SECRET = 'gateway-secret-mark-zq91';
export const CLIENT_SECRET = 'client-secret-mark-zq92';
export const RECEIVERS_TOKEN = 'receivers-token-mark-zq93';
export const CHANNEL_TOKEN = 'channel-token-mark-zq94';
export const OVERRIDE_SECRET = 'override-secret-mark-zq95';

const KEPT = [DIGITS, BRAND, SENDER, PSID, PLAIN, FOREIGN, METADATA, CORRELATION, QUERY, OWN_WORDS, EVIDENCE];
const TOLD = ['735192606', '46 735 19 26 03', '(735) 19-26-04', '46.735.192.605', IDEMPOTENCY, REASON, KEY];
const SECRETS = [
  ...[WRONG_SECRET, HOOK_SECRET, GATEWAY_SECRET, CLIENT_SECRET, RECEIVERS_TOKEN, CHANNEL_TOKEN],
  OVERRIDE_SECRET,
];
/** All that is searched for. */
export const MARKS: readonly Mark[] = [
  ...KEPT.map((text) => ({ text, kept: true })),
  ...[...TOLD, ...SECRETS].map((text) => ({ text, kept: false })),
];

/** Texts of sends that the gateway treats badly. */
export const REFUSED = `refused ${FOREIGN}`;
export const BUSY_AT_FIRST = `busy ${FOREIGN}`;
export const BROKEN = `broken ${FOREIGN}`;

/** Says what it got back, as careless servers do. */
const echo = ({ body }: Received, status: number): Step => ({ status, body: `no: ${body}` });

/** A receiver whose paths behave each in its own way; every answer repeats the request. */
export async function startEchoingReceiver(): Promise<ScriptedServer> {
  let busy = 6;
  return startWebhookReceiver({
    answer(request) {
      const path = request.path.split('?')[0];
      if (path === '/token') {
        const token = { access_token: RECEIVERS_TOKEN, expires_in: 3600, token_type: 'Bearer' };
        return { body: JSON.stringify(token) };
      }
      if (path === '/refused') return echo(request, 422);
      if (path === '/later' && busy-- > 0) return echo(request, 503);
      return echo(request, 200);
    },
  });
}

/** A gateway that judges a message by its text; every answer repeats the request. */
export async function startEchoingGateway(): Promise<ScriptedServer> {
  let busy = 1;
  return startWebhookReceiver({
    answer(request) {
      const { text } = JSON.parse(request.body) as { text: string };
      if (text === REFUSED) return echo(request, 422);
      if (text === BROKEN) return echo(request, 500);
      if (text === BUSY_AT_FIRST && busy-- > 0) return echo(request, 503);
      return echo(request, 200);
    },
  });
}
