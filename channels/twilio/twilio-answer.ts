import { z } from 'zod';
import type { ProviderAnswer } from '../provider/answer.js';

/** TwiML that makes Twilio do nothing (Twilio docs, "TwiML for Programmable Messaging"). */
const EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** Twilio texts to the sender what it gets here: nothing, since replies are messages of ours. */
export const TWIML_ANSWER: ProviderAnswer = {
  schema: z.literal(EMPTY_TWIML),
  produces: ['text/xml', 'application/json'],
  contentType: 'text/xml; charset=utf-8',
  write: () => EMPTY_TWIML,
};
