import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, startInstance, type Instance } from '../support/instance/instance.js';
import { eachEvent } from '../support/ledger/ledger-file.js';
import { inbound, phone, send } from '../support/story.js';
import { settled } from '../support/http/wire.js';

// What `consents:check` says, and what a whole instance then does with a send, workflows and phones included.

const WORDS = ['STOP', 'STOP MARKETING', 'STOP NOTIFICATION', 'START', 'START MARKETING', 'hello'] as const;
const TYPES = [undefined, 'CONTENT_MARKETING', 'CONTENT_NOTIFICATION'] as const;
const PER_MODE = 60;

interface Said {
  readonly allowed: boolean;
  readonly reason: string;
  readonly list_type?: string;
  readonly event_id?: string;
  readonly decided_at: string;
  readonly mode: string;
}

const dataDir = newDataDir();
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared', dataDir });
});
afterAll(() => instance.stop());

const check = async (identity: string, contentType: string | undefined, at?: string): Promise<Said> => {
  const { status, body } = await instance.call<Said>('POST', `/apps/${instance.appId}/consents:check`, {
    identity: `+${identity}`,
    ...(contentType === undefined ? {} : { message_content_type: contentType }),
    ...(at === undefined ? {} : { at }),
  });
  expect(status).toBe(200);
  return body;
};

const MODES = ['PRIMARY', 'SECONDARY', 'OFF'];
const identityOf = (mode: string, n: number): string =>
  `4675${String(MODES.indexOf(mode))}00${String(n).padStart(4, '0')}`;

describe('consents:check beside real sends', () => {
  const said = new Map<string, Said>();
  const asked = new Map<string, readonly [string, string | undefined]>();

  it.each(MODES)('is asked and sent to in %s', async (mode) => {
    const settings = mode === 'OFF' ? { enabled: false } : { enabled: true, mode };
    await instance.call('PATCH', `/apps/${instance.appId}/consent-settings`, { enabled: true });
    for (let n = 0; n < PER_MODE; n++) {
      const identity = identityOf(mode, n);
      // A fixed walk through pairs of words; every third contact wrote nothing.
      if (n % 3 !== 0) {
        await inbound(instance, identity, WORDS[n % WORDS.length] ?? '');
        await inbound(instance, identity, WORDS[Math.floor(n / WORDS.length) % WORDS.length] ?? '');
      }
    }
    await instance.call('PATCH', `/apps/${instance.appId}/consent-settings`, settings);
    for (let n = 0; n < PER_MODE; n++) {
      const identity = identityOf(mode, n);
      const contentType = TYPES[Math.floor(n / 2) % TYPES.length];
      const answer = await check(identity, contentType);
      const { body } = await send(instance, identity, contentType);
      said.set(body.message_id, answer);
      asked.set(body.message_id, [identity, contentType]);
    }
    // The settings stay until every message has met them.
    await settled(instance);
  });

  it('says the same of those moments later', async () => {
    for (const [messageId, answer] of said) {
      const [identity, contentType] = asked.get(messageId) ?? ['', undefined];
      expect(await check(identity, contentType, answer.decided_at)).toEqual(answer);
    }
  });

  it('was right about every one of them', async () => {
    expect(said.size).toBe(3 * PER_MODE);
    const reasons = new Set([...said.values()].map(({ reason }) => reason));
    expect([...reasons].toSorted()).toEqual(
      ['CONSENT_DISABLED', 'NO_OPT_OUT', 'RECIPIENT_NOT_OPTED_IN', 'SECONDARY_MODE'].toSorted(),
    );
    const arrived = new Set((await phone(instance)).map(({ message_id: id }) => id));
    for (const [messageId, { allowed }] of said) expect(arrived.has(messageId)).toBe(allowed);
    await instance.stop();
    let blocked = 0;
    await eachEvent(dataDir, ({ event }) => {
      if (event.type !== 'message-blocked') return;
      blocked += 1;
      const { messageId, listType, decidedBy, mode } = event.data;
      expect(said.get(messageId)).toMatchObject({ list_type: listType, event_id: decidedBy, mode });
    });
    expect(blocked).toBe([...said.values()].filter(({ allowed }) => !allowed).length);
    expect(blocked).toBeGreaterThan(5);
  });
});
