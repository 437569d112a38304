import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { sinchClient } from '../support/http/sdk.js';
import { inbound, send } from '../support/story.js';

const ANN = '46700610001';
const BEN = '46700610002';

let instance: Instance;
/** Ids in the order in which the messages were taken. */
const ids: string[] = [];
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  for (let n = 0; n < 12; n += 1) {
    ids.push((await send(instance, n % 2 === 0 ? ANN : BEN)).body.message_id);
  }
  ids.push((await inbound(instance, ANN, 'hello')).body.message_id);
});
afterAll(() => instance.stop());

const newestFirst = (): string[] => [...ids].reverse();
interface Page {
  readonly messages: readonly { readonly id: string }[];
  readonly next_page_token: string;
}
const page = async (query = ''): Promise<Page> => {
  const { status, body } = await instance.call<Page>('GET', `/messages${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const idsOf = ({ messages }: Page): string[] => messages.map(({ id }) => id);

describe('the list of messages', () => {
  it('comes newest first, ten to a page unless told, an empty token at the end', async () => {
    const first = await page();
    expect(idsOf(first)).toEqual(newestFirst().slice(0, 10));
    const second = await page(`?page_token=${first.next_page_token}`);
    expect(idsOf(second)).toEqual(newestFirst().slice(10));
    expect(second.next_page_token).toBe('');
    expect(await page('?app_id=nothing')).toEqual({ messages: [], next_page_token: '' });
  });

  it('has the messages as they are read one by one', async () => {
    const { messages } = await page('?page_size=1');
    const one = await instance.call('GET', `/messages/${ids.at(-1) ?? ''}`);
    expect(messages).toEqual([one.body]);
  });

  it('is iterated whole by the client, each message once', async () => {
    const seen: string[] = [];
    const list = sinchClient(instance).conversation.messages.list({ app_id: instance.appId, page_size: 5 });
    for await (const message of list) seen.push(message.id ?? '');
    expect(seen).toEqual(newestFirst());
  });

  it('filters by app, identity, channel, direction and time', async () => {
    const ofAnn = await page(`?app_id=${instance.appId}&channel_identity=%2B${ANN}&page_size=100`);
    expect(idsOf(ofAnn)).toEqual(newestFirst().filter((id) => id === ids[12] || ids.indexOf(id) % 2 === 0));
    expect(idsOf(await page('?direction=TO_APP'))).toEqual([ids[12]]);
    expect(idsOf(await page('?only_recipient_originated=true'))).toEqual([ids[12]]);
    expect(idsOf(await page('?channel=RCS'))).toEqual([]);
    expect(idsOf(await page('?end_time=2020-01-01T00:00:00Z'))).toEqual([]);
    expect(idsOf(await page('?start_time=2020-01-01T00:00:00Z&page_size=1000'))).toHaveLength(13);
  });

  it('refuses a token under other filters, and filters of what is not kept', async () => {
    const { next_page_token: token } = await page('?page_size=1');
    for (const query of [`?direction=TO_APP&page_token=${token}`, '?contact_id=c', '?conversation_id=c']) {
      expect((await instance.call('GET', `/messages${query}`)).status, query).toBe(400);
    }
  });

  it('leaves no identity in the log', () => {
    expect(instance.output()).not.toMatch(new RegExp(`${ANN}|${BEN}`, 'u'));
  });
});
