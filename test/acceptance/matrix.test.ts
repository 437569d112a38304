import type { Conversation, SinchClient } from '@sinch/sdk-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { sinchClient, triggerBySdk, validateBySdk } from '../support/http/sdk.js';
import { ALL_TRIGGERS, inbound, phone, toCallback, type Callback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

type ListType = 'OPT_OUT_ALL' | 'OPT_OUT_MARKETING' | 'OPT_OUT_NOTIFICATION';

const SECRET = 'a secret of the receiver';
const MODES = ['PRIMARY', 'SECONDARY'] as const;
type Mode = (typeof MODES)[number];

/** What a contact writes to get on each list. */
const WORDS: Readonly<Record<ListType, string>> = {
  OPT_OUT_ALL: 'STOP',
  OPT_OUT_MARKETING: 'STOP MARKETING',
  OPT_OUT_NOTIFICATION: 'STOP NOTIFICATION',
};
const LISTS = Object.keys(WORDS) as ListType[];
/** Every subset of the three lists. */
const STANDINGS = Array.from({ length: 8 }, (_, bits) => LISTS.filter((_list, at) => (bits >> at) & 1));

/** Written out and not derived: what blocks a content type in Primary mode, the list that is named first. */
const BLOCKED_BY: readonly { readonly contentType: string | undefined; readonly by: readonly ListType[] }[] =
  [
    { contentType: 'CONTENT_MARKETING', by: ['OPT_OUT_ALL', 'OPT_OUT_MARKETING'] },
    { contentType: 'CONTENT_NOTIFICATION', by: ['OPT_OUT_ALL', 'OPT_OUT_NOTIFICATION'] },
    { contentType: undefined, by: ['OPT_OUT_ALL'] },
  ];

interface Cell {
  readonly name: string;
  readonly mode: Mode;
  readonly identity: string;
  readonly contentType: string | undefined;
  /** The list that blocks, where one does. */
  readonly blockedBy: ListType | undefined;
}
const identityOf = (mode: Mode, standing: number): string =>
  `4670010${String(MODES.indexOf(mode))}00${String(standing)}`;
const CELLS: readonly Cell[] = MODES.flatMap((mode) =>
  STANDINGS.flatMap((lists, standing) =>
    BLOCKED_BY.map(({ contentType, by }) => {
      const blockedBy = mode === 'PRIMARY' ? by.find((list) => lists.includes(list)) : undefined;
      const on = lists.length === 0 ? 'on no list' : `on ${lists.join(' + ')}`;
      const outcome = blockedBy === undefined ? 'is delivered' : 'is blocked';
      const name = `${mode}: ${contentType ?? 'untyped'} to a contact ${on} ${outcome}`;
      return { name, mode, identity: identityOf(mode, standing), contentType, blockedBy };
    }),
  ),
);

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let client: SinchClient;
const apps = new Map<Mode, string>();
const appOf = (mode: Mode): string => apps.get(mode) ?? '';
/** Outcomes, for the account at the end. */
const sent = new Map<string, Cell>();

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance({ temporal: 'shared' });
  client = sinchClient(instance);
  for (const mode of MODES) {
    const { id = '' } = await client.conversation.app.create({
      appCreateRequestBody: {
        display_name: mode,
        channel_credentials: [
          { channel: 'SMS', static_bearer: { claimed_identity: '12025550100', token: 't' } },
        ],
      },
    });
    apps.set(mode, id);
    if (mode === 'SECONDARY') await instance.call('PATCH', `/apps/${id}/consent-settings`, { mode });
    await client.conversation.webhooks.create({
      webhookCreateRequestBody: {
        app_id: id,
        target: `${receiver.url}/${mode}`,
        secret: SECRET,
        triggers: ALL_TRIGGERS as Conversation.WebhookTrigger[],
      },
    });
    for (const [standing, lists] of STANDINGS.entries()) {
      for (const list of lists)
        await inbound(instance, identityOf(mode, standing), WORDS[list], { appId: id });
    }
  }
});

afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

const callbacksOf = (mode: Mode): Callback[] =>
  receiver.requests.filter(({ path }) => path === `/${mode}`).map(toCallback);
const about = (mode: Mode, messageId: string): Callback[] =>
  callbacksOf(mode).filter(({ payload }) =>
    [payload['message_id'], payload['request_id']].includes(messageId),
  );
const kindsAbout = (mode: Mode, messageId: string): string[] =>
  about(mode, messageId)
    .map(({ kind, payload }) =>
      typeof payload['status'] === 'string' ? `${kind} ${payload['status']}` : kind,
    )
    .toSorted();
const onPhone = async (mode: Mode, messageId: string): Promise<number> =>
  (await phone(instance, appOf(mode))).filter((message) => message.message_id === messageId).length;

const DELIVERED = [
  'message_delivery_report DELIVERED',
  'message_delivery_report QUEUED_ON_CHANNEL',
  'message_submit_notification',
];
const BLOCKED = ['message_delivery_report FAILED', 'opt_out_notification OPT_OUT_SUCCEEDED'];

async function send({ mode, identity, contentType }: Cell): Promise<string> {
  const answer = await client.conversation.messages.send({
    sendMessageRequestBody: {
      app_id: appOf(mode),
      recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity }] } },
      message: { text_message: { text: 'news' } },
      ...(contentType === undefined ? {} : { message_content_type: contentType as 'CONTENT_MARKETING' }),
    },
  });
  expect(answer.accepted_time).toBeInstanceOf(Date);
  return answer.message_id ?? '';
}

describe('a send by the SDK, in each mode, to each standing, of each content type', () => {
  it.each(MODES)('finds the lists of %s built from the keywords', async (mode) => {
    for (const list of LISTS) {
      const identities: string[] = [];
      const pages = client.conversation.consents.listIdentities({
        app_id: appOf(mode),
        list_type: list,
        page_size: 2,
      });
      for await (const { identity } of pages) identities.push(identity);
      const expected = STANDINGS.flatMap((lists, standing) =>
        lists.includes(list) ? [identityOf(mode, standing)] : [],
      );
      expect(identities.toSorted()).toEqual(expected.toSorted());
    }
  });

  it.each(CELLS)('$name', async (cell) => {
    const messageId = await send(cell);
    sent.set(messageId, cell);
    const expected = cell.blockedBy === undefined ? DELIVERED : BLOCKED;
    await waitFor(
      `the outcome of ${cell.name}`,
      () => kindsAbout(cell.mode, messageId).length >= expected.length,
    );
    expect(kindsAbout(cell.mode, messageId)).toEqual(expected);
    expect(await onPhone(cell.mode, messageId)).toBe(cell.blockedBy === undefined ? 1 : 0);
    if (cell.blockedBy === undefined) return;
    const report = about(cell.mode, messageId).find(({ kind }) => kind === 'message_delivery_report');
    expect(report?.payload).toMatchObject({
      status: 'FAILED',
      channel_identity: { channel: 'SMS', identity: cell.identity },
      reason: {
        code: 'RECIPIENT_NOT_OPTED_IN',
        sub_code: 'UNSPECIFIED_SUB_CODE',
        description: expect.stringContaining(cell.blockedBy) as string,
      },
    });
  });

  it('has 48 cells, of which 16 are blocked', () => {
    expect(CELLS).toHaveLength(48);
    expect(CELLS.filter(({ blockedBy }) => blockedBy !== undefined)).toHaveLength(16);
    expect(sent.size).toBe(48);
  });

  it('leaves no trace of a blocked message and one of each other, also when all is done', async () => {
    for (const [messageId, cell] of sent) {
      expect(kindsAbout(cell.mode, messageId), cell.name).toEqual(
        cell.blockedBy === undefined ? DELIVERED : BLOCKED,
      );
    }
    for (const mode of MODES) {
      const messages = (await phone(instance, appOf(mode))).filter(({ kind }) => kind === 'MESSAGE');
      const expected = [...sent].filter(([, cell]) => cell.mode === mode && cell.blockedBy === undefined);
      expect(messages.map(({ message_id: id }) => id).toSorted()).toEqual(
        expected.map(([id]) => id).toSorted(),
      );
    }
  });

  it('signs every callback so that the SDK takes it, raw and parsed', () => {
    expect(receiver.requests.length).toBeGreaterThan(100);
    for (const request of receiver.requests) {
      expect(validateBySdk(SECRET, request)).toEqual({ raw: true, parsed: true });
      expect(validateBySdk('another secret', request)).toEqual({ raw: false, parsed: false });
      expect(ALL_TRIGGERS).toContain(triggerBySdk(request.body));
    }
  });
});
