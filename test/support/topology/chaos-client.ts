import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { ContentType, Direction, ListType } from '../../../domain/lists.js';
import type { Instance } from '../instance/instance.js';
import { changeText } from '../races/race-client.js';
import { addChange, newRaceLog, type RaceLog } from '../races/race-log.js';
import { basic } from '../http/raw-http.js';

/** A client that goes on whatever happens to those who answer it. */
export interface ChaosClient {
  /** What it knows for certain; a change that was repeated spans from its first request to the answer. */
  readonly log: RaceLog;
  readonly acknowledged: {
    /** Message ids. */
    readonly inbound: Set<string>;
    /** Message id → when the answer was here, ms since the epoch. */
    readonly sends: Map<string, number>;
  };
  /** Answers but 200, and requests without one. */
  readonly refused: { answered: number; unanswered: number };
  /** Repeats until it is acknowledged, with the same provider's id, as providers do. */
  change(identity: string, listType: ListType, direction: Direction): Promise<void>;
  /** Once: without an answer nobody knows. */
  send(identity: string, contentType: ContentType): Promise<void>;
  close(): Promise<void>;
}

const CONNECTIONS = 16;
const REPEAT_AFTER_MS = 200;
/** Longer than any fault of ours lasts, and what comes after it. */
const LONGEST_MS = 120_000;

let counter = 0;

export function createChaosClient(instance: Instance, appId: string): ChaosClient {
  const log = newRaceLog();
  // New apps are in Primary, which is never left here.
  log.modes.push({ mode: 'PRIMARY', sentAt: 0, ackedAt: 0 });
  const acknowledged: ChaosClient['acknowledged'] = { inbound: new Set(), sends: new Map() };
  const refused = { answered: 0, unanswered: 0 };
  const pool = new Pool(instance.url, { connections: CONNECTIONS, pipelining: 1 });
  const headers = {
    authorization: basic(instance.keyId, instance.keySecret),
    'content-type': 'application/json',
  };

  /** The message id of the answer, if it is a 200. */
  async function post(path: string, body: unknown): Promise<string | undefined> {
    try {
      const answer = await pool.request({
        ...{ method: 'POST', path: `${instance.base}${path}`, headers, body: JSON.stringify(body) },
        ...{ headersTimeout: 30_000, bodyTimeout: 30_000 },
      });
      const json = (await answer.body.json().catch(() => ({}))) as { message_id?: string };
      if (answer.statusCode === 200) return json.message_id;
      refused.answered += 1;
    } catch {
      refused.unanswered += 1;
    }
    return undefined;
  }

  return {
    ...{ log, acknowledged, refused },
    async change(identity, listType, direction) {
      counter += 1;
      const message = {
        ...{ message_id: `chaos-${String(process.pid)}-${String(counter)}`, channel: 'SMS', identity },
        ...{ sender: '12025550100', text: changeText(listType, direction) },
      };
      const sentAt = Date.now();
      for (;;) {
        const id = await post(`/apps/${appId}/inbound/generic`, message);
        const ackedAt = Date.now();
        if (id === undefined && ackedAt - sentAt > LONGEST_MS)
          throw new Error('a message is never acknowledged');
        if (id === undefined) {
          await delay(REPEAT_AFTER_MS);
          continue;
        }
        acknowledged.inbound.add(id);
        addChange(log, identity, { listType, direction, sentAt, ackedAt });
        return;
      }
    },
    async send(identity, contentType) {
      const id = await post('/messages:send', {
        app_id: appId,
        recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity }] } },
        message: { text_message: { text: 'hello' } },
        ...(contentType === 'CONTENT_UNKNOWN' ? {} : { message_content_type: contentType }),
      });
      if (id === undefined) return;
      acknowledged.sends.set(id, Date.now());
      log.sent.set(id, { identity, contentType });
    },
    close: () => pool.destroy(),
  };
}
