import { z } from 'zod';
import type { HandOverOutcome } from '../channel.js';
import type { HttpResponse } from '../answer-outcome.js';
import { isTwilioBlock, isTwilioConfiguration } from './twilio-codes.js';

/** Statuses that say that the account is set up wrongly, where the answer names no code of Twilio's. */
const BAD_CONFIGURATION: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 410]);

/** As the ledger keeps it: no blanks, no `+`. */
const SID = /^[A-Z]{2}[0-9a-fA-F]{32}$/u;

/** A Message resource, or the JSON of a refusal: `{code, message, more_info, status}` (Twilio docs). */
const shape = z.object({
  sid: z.string().regex(SID).optional().catch(undefined),
  status: z.union([z.string(), z.number()]).optional().catch(undefined),
  error_code: z.int().positive().nullish().catch(undefined),
  code: z.int().positive().optional().catch(undefined),
});
type Said = z.output<typeof shape>;

/** Statuses of a message that Twilio made a resource of and gave up at once. */
const GIVEN_UP: ReadonlySet<unknown> = new Set(['failed', 'undelivered', 'canceled']);

/** Twilio has the message; an answer that cannot be read was still an acceptance. */
export function twilioTaken({ excerpt }: HttpResponse, handedOverAt: string): HandOverOutcome {
  const { sid, status, error_code: code } = read(excerpt);
  if (GIVEN_UP.has(status)) return refusal(code ?? undefined, 'Twilio gave the message up at once');
  return {
    outcome: 'taken',
    handedOverAt,
    reports: ['QUEUED_ON_CHANNEL'],
    ...(sid === undefined ? {} : { providerMessageId: sid }),
  };
}

/** Twilio refused the message; its number is kept, its words are not: they quote addresses. */
export function twilioRefused({ status, excerpt }: HttpResponse): HandOverOutcome {
  const { code } = read(excerpt);
  const description = `Twilio answered ${String(status)}${code === undefined ? '' : `, error ${String(code)}`}`;
  return refusal(code, description, BAD_CONFIGURATION.has(status));
}

function refusal(code: number | undefined, description: string, configuration = false): HandOverOutcome {
  if (code === undefined) {
    const reason = configuration ? 'CHANNEL_BAD_CONFIGURATION' : 'CHANNEL_REJECT';
    return { outcome: 'failed', reason, description };
  }
  const block = isTwilioBlock(code);
  return {
    outcome: 'failed',
    reason: reasonOf(code, block, configuration),
    description,
    providerError: { provider: 'twilio', code, block },
  };
}

function reasonOf(code: number, block: boolean, configuration: boolean) {
  if (block) return 'RECIPIENT_NOT_OPTED_IN';
  return configuration || isTwilioConfiguration(code) ? 'CHANNEL_BAD_CONFIGURATION' : 'CHANNEL_REJECT';
}

function read(excerpt: string): Said {
  try {
    return shape.parse(JSON.parse(excerpt));
  } catch {
    return {};
  }
}
