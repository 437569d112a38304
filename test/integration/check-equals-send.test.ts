import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICY } from '../../bin/wiring/policy.js';
import { lastEventReader } from '../../activities/messages/decision-facts.js';
import { createHandOvers, type HandOvers } from '../../activities/messages/hand-over-batch.js';
import type { MessagePlan } from '../../activities/messages/hand-over-types.js';
import { readMessages } from '../../activities/messages/read-messages.js';
import { CONTENT_TYPES, MODES } from '../../domain/lists.js';
import { messageStream } from '../../ledger/streams.js';
import { planMessage } from '../../workflows/plan-message.js';
import { fakeChannel, taken } from '../worlds/hand-over-world.js';
import { apiWorld, PROJECT, sms, type ApiWorld } from '../worlds/api-world.js';

// The real API over a real ledger file; sends are decided and handed over by the very functions that the workflows
// and the activities of messages are made of. Only Temporal and the phone are not there.

const ROUNDS = 50;
const STATES_PER_ROUND = 100;
const PHONES = 300;

const step = fc.constantFrom(
  ...[
    'STOP',
    'STOP MARKETING',
    'STOP NOTIFICATION',
    'START',
    'START MARKETING',
    'START NOTIFICATION',
    'hello',
  ],
  ...['api OPT_OUT_ALL', 'api OPT_OUT_MARKETING', 'api OPT_OUT_NOTIFICATION'],
);
const one = fc.record({
  phone: fc.integer({ min: 0, max: PHONES - 1 }),
  steps: fc.array(step, { maxLength: 3 }),
  contentType: fc.constantFrom(...CONTENT_TYPES, undefined),
  spelling: fc.constantFrom('', '+', '00'),
  channel: fc.constantFrom('SMS', 'WHATSAPP', 'RCS'),
});
const round = fc.record({
  mode: fc.constantFrom(...MODES, 'PRIMARY' as const),
  enabled: fc.constantFrom(true, true, true, true, false),
  startClearsAll: fc.boolean(),
  ones: fc.uniqueArray(one, {
    selector: ({ phone }) => phone,
    minLength: STATES_PER_ROUND,
    maxLength: STATES_PER_ROUND,
  }),
});
type One = typeof one extends fc.Arbitrary<infer T> ? T : never;

let world: ApiWorld;
let handOvers: HandOvers;
const channel = fakeChannel(() => taken);
const channelFor = () => channel;
beforeAll(async () => {
  world = await apiWorld();
  const { ledger, clock } = world;
  const newId = randomUUID;
  const readLast = lastEventReader(ledger);
  const onFault = (_id: string, error: unknown): never => {
    throw error;
  };
  handOvers = createHandOvers({ ledger, clock, channelFor, newId, readLast, onFault, batch: POLICY.batch });
});
afterAll(() => world.close());

const identityOf = ({ phone }: One): string => `46700000${String(phone).padStart(3, '0')}`;
const appPath = (): string => `/apps/${world.appId}`;

async function change(state: One, step: string): Promise<void> {
  const identity = identityOf(state);
  const [, list] = step.split('api ');
  const { status } = await (list === undefined
    ? world.call('POST', `${appPath()}/inbound/generic`, { ...sms(identity, step), channel: state.channel })
    : world.call('POST', '/consents', {
        app_id: world.appId,
        consent_records: [{ identification: identity, consent_type: list }],
      }));
  expect(status).toBe(200);
}

const contentTypeOf = ({ contentType }: One) =>
  contentType === undefined ? {} : { message_content_type: contentType };

async function check(state: One, at?: string): Promise<Record<string, unknown>> {
  const { status, body } = await world.call(
    'POST',
    `${appPath()}/consents:check`,
    { identity: `${state.spelling}${identityOf(state)}`, ...contentTypeOf(state), ...(at && { at }) },
    { scope: 'read' },
  );
  expect(status).toBe(200);
  return body;
}

/** Sends, decides and hands over. @returns what the ledger says became of the message */
async function send(state: One): Promise<Record<string, unknown>> {
  const to = { channel: state.channel, identity: `${state.spelling}${identityOf(state)}` };
  const { body } = await world.call('POST', '/messages:send', {
    app_id: world.appId,
    recipient: { identified_by: { channel_identities: [to] } },
    message: { text_message: { text: 'hello' } },
    ...contentTypeOf(state),
  });
  const messageId = String(body['message_id']);
  const item = { messageId, projectId: PROJECT, appId: world.appId, cause: null };
  const read = await readMessages({ ...world, channelFor }, [item]);
  const plans: MessagePlan[] = read.messages.flatMap((message) => {
    const planned = planMessage(read, message);
    return planned.step === 'act' ? [planned.plan] : [];
  });
  for (const plan of plans) await handOvers.one(plan);
  const read1 = { from: 'end', direction: 'backwards', limit: 3 } as const;
  const events = (await world.ledger.readStream(messageStream(messageId), read1)).map(({ event }) => event);
  const end = events.find(({ type }) => type === 'message-blocked' || type === 'message-dispatched');
  if (end?.type !== 'message-blocked') return { allowed: end?.type === 'message-dispatched' };
  const { listType, decidedBy, mode } = end.data;
  return { allowed: false, list_type: listType, event_id: decidedBy, mode };
}

const answers: { readonly state: One; readonly at: string; readonly body: Record<string, unknown> }[] = [];

describe('consents:check', () => {
  it('says what a send meets, in 5,000 random states', { timeout: 120_000 }, async () => {
    for (const { ones, mode, enabled, startClearsAll } of fc.sample(round, {
      numRuns: ROUNDS,
      seed: 20261124,
    })) {
      const settings = { mode, enabled, start_clears_all: startClearsAll };
      expect((await world.call('PATCH', `${appPath()}/consent-settings`, settings)).status).toBe(200);
      await Promise.all(
        ones.map(async (state) => {
          for (const step of state.steps) await change(state, step);
          const said = await check(state);
          answers.push({ state, at: String(said['decided_at']), body: said });
          const met = await send(state);
          expect({ ...said, met }).toMatchObject({ ...met, mode });
          if (said['allowed'] === true) expect(met).toEqual({ allowed: true });
        }),
      );
      world.clock.ms += 60_000;
    }
    expect(answers).toHaveLength(ROUNDS * STATES_PER_ROUND);
    const reasons = Map.groupBy(answers, ({ body }) => String(body['reason']));
    for (const reason of ['NO_OPT_OUT', 'SECONDARY_MODE', 'CONSENT_DISABLED', 'RECIPIENT_NOT_OPTED_IN']) {
      expect(reasons.get(reason)?.length, reason).toBeGreaterThan(150);
    }
    expect(channel.begun.length).toBe(answers.filter(({ body }) => body['allowed'] === true).length);
  });

  it('says the same of each of these moments once it has passed', { timeout: 120_000 }, async () => {
    for (let from = 0; from < answers.length; from += 100) {
      await Promise.all(
        answers.slice(from, from + 100).map(async ({ state, at, body }) => {
          expect(await check(state, at)).toEqual(body);
        }),
      );
    }
  });
});
