import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../../domain/events/events.js';
import type { MessageView } from '../../../../projections/views/message-view.js';
import { acceptedData, at, event, ofMessage, permit, PROJECT, receivedData, ulid } from '../events.js';
import { ledgerOf, withDirectory, withViews } from '../open-views.js';

const ID = ulid('m');

async function viewOf(events: readonly LedgerEvent[], projectId = PROJECT): Promise<MessageView | undefined> {
  const ledger = await ledgerOf(events.map((one) => ['stream', one] as const));
  return withDirectory((file) =>
    withViews({ file: file('v.db'), ledger }, ({ messages }) => messages.get(projectId, ID)),
  );
}

describe('an inbound message', () => {
  const received = (personal?: {
    identity: string;
    sender: string;
    text?: string;
    content?: Record<string, unknown>;
    metadata?: string;
  }): LedgerEvent =>
    event(1, 'message-received', receivedData('app-1', 'c-a', ID), { ms: 7, ...(personal && { personal }) });
  const common = { direction: 'TO_APP', messageId: ID, projectId: PROJECT, appId: 'app-1', channel: 'SMS' };

  it('can be read from its acknowledgement on', async () => {
    const full = { identity: '467', sender: '1', text: 'Hej', metadata: 'm' };
    expect(await viewOf([received(full)])).toEqual({
      ...common,
      ...full,
      content: null,
      acceptedAt: at(7),
      processingMode: 'DISPATCH',
    });
  });
  it('may have no text', async () => {
    const view = await viewOf([received({ identity: '467', sender: '1' })]);
    expect(view).toMatchObject({ text: null, content: null, metadata: '', identity: '467' });
    const content = { media_message: { url: 'https://media.example/a.jpg' } };
    const picture = await viewOf([received({ identity: '467', sender: '1', content })]);
    expect(picture).toMatchObject({ text: null, content });
  });
  it('keeps its place when its personal part is gone', async () => {
    expect(await viewOf([received()])).toMatchObject({ ...common, identity: '', sender: '', text: null });
  });
  it('is not another project’s', async () => {
    expect(await viewOf([received()], 'p-2')).toBeUndefined();
  });
});

describe('an outbound message', () => {
  const of = ofMessage('app-1', ID);
  const message = { text_message: { text: 'Hi' } };
  const personal = { identities: ['a-1', 'a-2'], sender: '1', message, metadata: 'm', correlationId: 'c' };
  const accepted = event(1, 'message-accepted', acceptedData('app-1', ID), { ms: 7, personal });
  const intent = event(2, 'message-handing-over', { ...of, attempt: 1, permit, channelType: 'simulator' });
  const report = (n: number, status: 'QUEUED_ON_CHANNEL' | 'DELIVERED' | 'FAILED'): LedgerEvent =>
    event(n, 'message-reported', { ...of, status, reason: null, bodyVersion: 1 });
  const dispatch = { ...of, attempt: 1, recipientIndex: 1, handedOverAt: at(0), bodyVersion: 1 } as const;
  const dispatched = event(5, 'message-dispatched', dispatch);
  const failed = event(6, 'message-failed', {
    ...of,
    attempt: 1,
    reason: 'CHANNEL_REJECT',
    description: '',
    bodyVersion: 1,
  });

  it('is found by the id that its provider gave it, in its own app, also after a receipt that came first', async () => {
    const named = event(5, 'message-dispatched', { ...dispatch, providerMessageId: 'SM1' });
    const ledger = await ledgerOf(
      [accepted, intent, report(3, 'DELIVERED'), named].map((one) => ['stream', one] as const),
    );
    const found = await withDirectory((file) =>
      withViews({ file: file('v.db'), ledger }, ({ messages }) =>
        [
          ['app-1', 'SM1'],
          ['app-2', 'SM1'],
          ['app-1', ''],
        ].map(([app = '', id = '']) => messages.findSent(app, id)),
      ),
    );
    expect(found).toEqual([ID, undefined, undefined]);
  });
  it('can be read from its acknowledgement on', async () => {
    expect(await viewOf([accepted])).toEqual({
      direction: 'TO_CONTACT',
      kind: 'MESSAGE',
      ...of,
      channel: 'WHATSAPP',
      identity: 'a-1',
      sender: '1',
      message,
      metadata: 'm',
      acceptedAt: at(7),
      processingMode: 'DISPATCH',
      state: 'accepted',
      reason: null,
      reported: null,
    });
  });
  it('shows the recipient that was chosen, and the last receipt', async () => {
    expect(await viewOf([accepted, intent, dispatched, report(7, 'QUEUED_ON_CHANNEL')])).toMatchObject({
      channel: 'SMS',
      identity: 'a-2',
      state: 'dispatched',
      reported: 'QUEUED_ON_CHANNEL',
    });
  });
  it('keeps its first end, and says why', async () => {
    expect(await viewOf([accepted, intent, failed, dispatched])).toMatchObject({
      state: 'failed',
      reason: 'CHANNEL_REJECT',
      identity: 'a-1',
    });
  });
  it('is dispatched when a receipt proves it, and not by any receipt', async () => {
    expect(await viewOf([accepted, intent, report(3, 'FAILED')])).toMatchObject({ state: 'handing-over' });
    expect(await viewOf([accepted, intent, report(3, 'DELIVERED')])).toMatchObject({ state: 'dispatched' });
    expect(await viewOf([accepted, report(3, 'DELIVERED')])).toMatchObject({ state: 'accepted' });
  });
  it('keeps its place when its personal part is gone', async () => {
    const bare = event(1, 'message-accepted', acceptedData('app-1', ID));
    expect(await viewOf([bare])).toMatchObject({
      channel: 'WHATSAPP',
      identity: '',
      message: {},
      metadata: '',
    });
  });
});
