import { beforeEach, describe, expect, it } from 'vitest';
import { readContents, type CallbackContent } from '../../../../activities/callbacks/callback-contents.js';
import { CallbackFault } from '../../../../activities/callbacks/callback-types.js';
import type {
  LedgerEvent,
  MessageAccepted,
  MessageBlocked,
  MessageReported,
} from '../../../../domain/events/events.js';
import type { OwedCallback } from '../../../../domain/owed.js';
import { overrideSecretContext } from '../../../../domain/seal-contexts.js';
import { callbackId, deriveId } from '../../../../ledger/event-ids.js';
import { messageStream } from '../../../../ledger/streams.js';
import {
  APP,
  answered,
  callbackWorld,
  only,
  PROJECT,
  rootKey,
  START_MS,
  type CallbackWorld,
} from '../../../worlds/callback-world.js';

const MESSAGE = '01JGFJJZ000000000000000000';
const STREAM = messageStream(MESSAGE);
const CONTACT = rootKey.contactId(PROJECT, APP, { channel: 'SMS', identity: '46700000001' });
const at = new Date(START_MS).toISOString();
const meta = { recordedAt: at, occurredAt: at, actor: { type: 'system' }, correlationId: 'c-1' } as const;
const ids = { projectId: PROJECT, appId: APP, messageId: MESSAGE };
const OVERRIDE = 'override-abc';

const accepted: MessageAccepted = {
  id: deriveId('accepted'),
  type: 'message-accepted',
  version: 1,
  data: {
    ...ids,
    kind: 'MESSAGE',
    contentType: 'CONTENT_MARKETING',
    recipients: [{ channel: 'SMS', contactId: CONTACT }],
    cause: null,
    expiresAt: at,
    processingMode: 'DISPATCH',
    overrideEndpointId: OVERRIDE,
    requestHash: null,
    bodyVersion: 1,
  },
  personal: {
    identities: ['46700000001'],
    sender: '4670999',
    message: { text_message: { text: 'hello' } },
    metadata: 'm',
    correlationId: 'c-1',
    callbackUrl: 'https://own.example/hook',
  },
  meta,
};
const permit = {
  app: { stream: 'app-app1', revision: 0 },
  contacts: [{ stream: `contact-${CONTACT}`, revision: 7 }],
};
const blocked: MessageBlocked = {
  id: deriveId('blocked'),
  type: 'message-blocked',
  version: 1,
  data: {
    ...ids,
    listType: 'OPT_OUT_ALL',
    contentType: 'CONTENT_MARKETING',
    mode: 'PRIMARY',
    permit,
    decidedBy: deriveId('stop'),
    recipientIndex: 0,
    notifyOptOut: true,
    bodyVersion: 1,
  },
  meta,
};
const reported: MessageReported = {
  id: deriveId('reported'),
  type: 'message-reported',
  version: 1,
  data: { ...ids, status: 'DELIVERED', reason: null, bodyVersion: 1 },
  meta,
};

let world: CallbackWorld;
beforeEach(async () => {
  world = await callbackWorld();
});
const write = (...events: LedgerEvent[]) => world.ledger.append(STREAM, events, 'none');
const found = (
  contents: ReadonlyMap<number, CallbackContent | CallbackFault>,
  revision: number,
): CallbackContent => {
  const content = contents.get(revision);
  if (content === undefined || content instanceof CallbackFault) throw new Error('no content');
  return content;
};

describe('callback contents', () => {
  it('reads a message’s stream once for all of its callbacks', async () => {
    await write(accepted, blocked, reported);
    let reads = 0;
    const counting = {
      readStream: (...call: Parameters<typeof world.ledger.readStream>) => {
        reads++;
        return world.ledger.readStream(...call);
      },
    };
    const contents = await readContents(counting, STREAM, [2, 1, 1]);
    expect(reads).toBe(1);
    expect(found(contents, 1)).toMatchObject({
      ...{ eventId: blocked.id, correlationId: 'c-1', sequence: 7, callbackUrl: 'https://own.example/hook' },
    });
    expect(found(contents, 2)).toMatchObject({ eventId: reported.id, sequence: null });
    const body: unknown = JSON.parse(found(contents, 2).body('MESSAGE_DELIVERY').toString());
    expect(body).toMatchObject({ message_delivery_report: { message_id: MESSAGE, status: 'DELIVERED' } });
    expect(found(contents, 1).body('OPT_OUT')).toBe(found(contents, 1).body('OPT_OUT'));
  });

  it('reads far apart revisions apart', async () => {
    const asked: unknown[] = [];
    const empty = {
      readStream: (_: string, { from, limit }: { from: number | 'end'; limit: number }) => {
        asked.push([from, limit]);
        return Promise.resolve([]);
      },
    };
    await readContents(empty, 'contact-1', [500, 3, 1, 590]);
    expect(asked).toEqual([
      [1, 3],
      [500, 91],
    ]);
  });

  it('names what is missing, each for itself', async () => {
    await write(accepted, reported);
    const contents = await readContents(world.ledger, STREAM, [0, 1, 2]);
    expect([0, 1, 2].map((revision) => contents.get(revision) instanceof CallbackFault)).toEqual([
      true,
      false,
      true,
    ]);
    expect((await readContents(world.ledger, messageStream('NONE'), [1])).get(1)).toMatchObject({
      code: 'event-missing',
    });
  });

  it('cannot build what the event does not tell', async () => {
    await write(accepted, reported);
    const content = found(await readContents(world.ledger, STREAM, [1]), 1);
    expect(() => content.body('OPT_IN')).toThrow('body-unbuildable');
  });
});

describe('callback_url of a message', () => {
  const item = (revision: number): OwedCallback => ({
    ...{
      projectId: PROJECT,
      appId: APP,
      endpointId: OVERRIDE,
      trigger: 'MESSAGE_DELIVERY',
      stream: STREAM,
      revision,
    },
    callbackId: callbackId(reported.id, 'MESSAGE_DELIVERY', OVERRIDE),
    after: null,
  });

  it('gets the callback, signed with the app’s own secret for such', async () => {
    await write(accepted, reported);
    await world.poster.postCallback(item(1));
    expect(only(world.sender.calls)).toMatchObject({ url: 'https://own.example/hook', timeoutMs: 15_000 });
    expect(only(world.sender.calls).headers).not.toHaveProperty('webhook-signature');
    expect(only(world.sender.calls).headers).not.toHaveProperty('optledger-sequence');

    world = await callbackWorld();
    await world.configure({ sealedOverrideSecret: rootKey.seal('override', overrideSecretContext(APP)) });
    await write(accepted, reported);
    await world.poster.postCallback(item(1));
    expect(only(world.sender.calls).headers).toHaveProperty('webhook-signature');
  });

  it('has no webhook that a 410 could disable', async () => {
    await write(accepted, reported);
    world.sender.answer = () => answered(410);
    expect(await world.poster.postCallback(item(1))).toMatchObject({ state: 'parked' });
    expect((await world.app()).endpoints.every(({ disabled }) => disabled === null)).toBe(true);
  });

  it('faults without the URL', async () => {
    const { personal } = accepted;
    if (personal === undefined) throw new Error('no personal part');
    const { callbackUrl: _, ...rest } = personal;
    await write({ ...accepted, personal: rest }, reported);
    await expect(world.poster.postCallback(item(1))).rejects.toMatchObject({ message: 'url-missing' });
  });
});

describe('an app that is not there', () => {
  it('faults', async () => {
    const [item] = await world.inbound('HELLO');
    if (item === undefined) throw new Error('nothing owed');
    await expect(world.poster.postCallback({ ...item, appId: 'other' })).rejects.toMatchObject({
      message: 'app-missing',
    });
  });
});
