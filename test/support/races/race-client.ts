import { Pool } from 'undici';
import type { ContentType, Direction, ListType, Mode } from '../../../domain/lists.js';
import type { Instance } from '../instance/instance.js';
import { basic } from '../http/raw-http.js';
import { addChange, newRaceLog, type RaceLog, type Span } from './race-log.js';

const LIST_WORDS: Readonly<Record<ListType, string>> = {
  OPT_OUT_ALL: '',
  OPT_OUT_MARKETING: ' MARKETING',
  OPT_OUT_NOTIFICATION: ' NOTIFICATION',
};

/** What a person writes to get on or off a list. */
export function changeText(listType: ListType, direction: Direction): string {
  return `${direction === 'OPT_OUT' ? 'STOP' : 'START'}${LIST_WORDS[listType]}`;
}

/** How long one request is repeated. */
const PATIENCE_MS = 30_000;

/** How a contact gets on or off a list: by its own message, or (on only) by the batch API. */
export type ChangeBy = 'message' | 'batch';

/** Changes and sends of one app, each noted with its times. Any answer but 200 and 503 throws. */
export interface RaceClient {
  readonly log: RaceLog;
  change(identity: string, listType: ListType, direction: Direction, by: ChangeBy): Promise<void>;
  setMode(mode: Mode): Promise<void>;
  send(identity: string, contentType: ContentType): Promise<void>;
  close(): Promise<void>;
}

export function createRaceClient(instance: Instance, appId: string, connections: number): RaceClient {
  const log = newRaceLog();
  const pool = new Pool(instance.url, { connections, pipelining: 1 });
  const authorization = basic(instance.keyId, instance.keySecret);
  let counter = 0;

  /** A busy machine may answer 503, which promises nothing: it is asked again, and the span grows. */
  async function call(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<[unknown, Span]> {
    const sentAt = Date.now();
    for (;;) {
      const answer = await pool.request({
        method,
        path: `${instance.base}${path}`,
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const ackedAt = Date.now();
      const json = await answer.body.json();
      if (answer.statusCode === 200) return [json, { sentAt, ackedAt }];
      const isBusy = answer.statusCode === 503 && ackedAt - sentAt < PATIENCE_MS;
      if (!isBusy) throw new Error(`${path}: ${answer.statusCode} ${JSON.stringify(json)}`);
    }
  }

  async function byMessage(identity: string, listType: ListType, direction: Direction): Promise<Span> {
    counter += 1;
    const [answer, span] = await call('POST', `/apps/${appId}/inbound/generic`, {
      ...{ message_id: `race-${counter}`, channel: 'SMS', identity, sender: '12025550100' },
      text: changeText(listType, direction),
    });
    const { matched } = answer as { matched: { list_type: string; direction: string } | null };
    if (matched?.list_type !== listType || matched.direction !== direction) throw new Error('not matched');
    return span;
  }

  async function byBatch(identity: string, listType: ListType): Promise<Span> {
    const records = [{ identification: identity, consent_type: listType }];
    return (await call('POST', '/consents', { app_id: appId, consent_records: records }))[1];
  }

  return {
    log,
    async change(identity, listType, direction, by) {
      const span =
        by === 'message' ? await byMessage(identity, listType, direction) : await byBatch(identity, listType);
      addChange(log, identity, { listType, direction, ...span });
    },
    async setMode(mode) {
      const [, span] = await call('PATCH', `/apps/${appId}/consent-settings`, { mode });
      log.modes.push({ mode, ...span });
    },
    async send(identity, contentType) {
      const [answer] = await call('POST', '/messages:send', {
        app_id: appId,
        recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity }] } },
        message: { text_message: { text: 'hello' } },
        ...(contentType === 'CONTENT_UNKNOWN' ? {} : { message_content_type: contentType }),
      });
      log.sent.set((answer as { message_id: string }).message_id, { identity, contentType });
    },
    close: () => pool.close(),
  };
}
