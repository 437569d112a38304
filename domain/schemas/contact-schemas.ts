import { z } from 'zod';
import {
  bodyVersion,
  contactId,
  direction,
  envelope,
  instant,
  listType,
  opaqueId,
  processingMode,
  revision,
  ulid,
  uuid,
  word,
} from './common-schemas.js';
import { LANGUAGES, SUSPECTED_STOPS } from '../settings.js';
import { SUSPICION_LANGUAGES } from '../suspicion/suspicion.js';

const language = z.enum(LANGUAGES);

const listStanding = z
  .strictObject({ optedOut: z.boolean(), eventId: uuid, revision, at: instant })
  .exactOptional();

const ownOptOut = z.strictObject({ eventId: uuid, revision, at: instant }).exactOptional();

const lastConsent = z.strictObject({ eventId: uuid, direction }).nullable();

const state = z.strictObject({
  standing: z.strictObject({
    OPT_OUT_ALL: listStanding,
    OPT_OUT_MARKETING: listStanding,
    OPT_OUT_NOTIFICATION: listStanding,
  }),
  ownOptOuts: z
    .strictObject({
      OPT_OUT_ALL: ownOptOut,
      OPT_OUT_MARKETING: ownOptOut,
      OPT_OUT_NOTIFICATION: ownOptOut,
    })
    .exactOptional(),
  lastConsent,
  lastOptInReplyAt: instant.nullable(),
  heldStops: z.array(z.strictObject({ eventId: uuid, listType, since: instant })).exactOptional(),
});

const contactData = {
  projectId: opaqueId,
  appId: opaqueId,
  contactId,
  appRevision: revision,
  channel: word,
  processingMode,
  bodyVersion,
  state,
};

const consentData = z.strictObject({
  ...contactData,
  requestId: ulid,
  listType,
  language: language.nullable(),
  origin: z.enum(['ORIGIN_MO', 'ORIGIN_API', 'ORIGIN_SUSPECTED']),
  moved: z.array(listType),
  late: z.literal(true).exactOptional(),
  previous: lastConsent,
  reply: z.strictObject({ kind: direction, messageId: ulid }).nullable(),
  notify: z.boolean(),
  evidence: z.strictObject({ obtainedAt: instant }).exactOptional(),
});

const consentPersonal = z
  .strictObject({
    identity: z.string(),
    sender: z.string(),
    replyText: word.exactOptional(),
    reason: word.exactOptional(),
    evidenceText: word.exactOptional(),
  })
  .exactOptional();

function consentEvent<T extends string>(type: T) {
  return z.strictObject({ ...envelope, type: z.literal(type), data: consentData, personal: consentPersonal });
}

/** Events of `contact-<id>`. */
export const contactSchemas = {
  'message-received': z.strictObject({
    ...envelope,
    type: z.literal('message-received'),
    data: z.strictObject({
      ...contactData,
      messageId: ulid,
      provider: word,
      providerMessageId: word,
      matched: z.strictObject({ listType, direction, language }).nullable(),
      providerOptOut: z.enum(['STOP', 'START', 'HELP']).exactOptional(),
      injected: z.literal(true).exactOptional(),
      help: z
        .strictObject({
          language,
          reply: z.strictObject({ kind: z.literal('HELP'), messageId: ulid }).nullable(),
        })
        .exactOptional(),
      suspected: z
        .strictObject({ listType, language: z.enum(SUSPICION_LANGUAGES), treatment: z.enum(SUSPECTED_STOPS) })
        .exactOptional(),
    }),
    personal: z
      .strictObject({
        identity: z.string(),
        sender: z.string(),
        text: z.string().exactOptional(),
        content: z.record(z.string(), z.unknown()).exactOptional(),
        metadata: z.string().exactOptional(),
        replyText: word.exactOptional(),
        suspectedPhrase: word.exactOptional(),
      })
      .exactOptional(),
  }),
  'opted-out': consentEvent('opted-out'),
  'opted-in': consentEvent('opted-in'),
  'suspicion-decided': z.strictObject({
    ...envelope,
    type: z.literal('suspicion-decided'),
    data: z.strictObject({
      ...{ projectId: opaqueId, appId: opaqueId, contactId, state, listType, suspicionId: uuid },
      decision: z.enum(['stop', 'not_a_stop']),
    }),
  }),
};
