import { expect } from 'vitest';
import type { Answer, Instance } from '../instance/instance.js';
import { basic, rawRequest, type RawAnswer, type RawRequest } from './raw-http.js';
import { waitFor } from '../wait-for.js';

let messages = 0;

/** Requests in the wire's own words. */
export interface Wire {
  /** As key `demo`, byte for byte; `path` is relative to the project unless it begins with `//`. */
  raw(request: RawRequest): Promise<RawAnswer>;
  /** Id of a new app of display name and credentials; @param more further fields */
  newApp(more?: Readonly<Record<string, unknown>>): Promise<string>;
  /** One inbound text over any channel. @returns its message id */
  write(appId: string, channel: string, identity: string, text: string): Promise<string>;
}

export function wireOf(instance: Instance): Wire {
  return {
    raw: ({ path, headers = {}, ...request }) =>
      rawRequest(instance.url, {
        ...request,
        path: path.startsWith('//') ? path.slice(1) : `${instance.base}${path}`,
        headers: { authorization: basic(instance.keyId, instance.keySecret), ...headers },
      }),
    async newApp(more = {}) {
      const { status, body } = await instance.call<{ id: string }>('POST', '/apps', {
        display_name: 'Shop',
        channel_credentials: [
          { channel: 'SMS', static_bearer: { claimed_identity: '12025550100', token: 't' } },
        ],
        ...more,
      });
      expect(status).toBe(200);
      return body.id;
    },
    async write(appId, channel, identity, text) {
      messages += 1;
      const { status, body } = await instance.call<{ message_id: string }>(
        'POST',
        `/apps/${appId}/inbound/generic`,
        {
          message_id: `w-${String(messages)}`,
          channel,
          identity,
          sender: '12025550100',
          text,
        },
      );
      expect(status).toBe(200);
      return body.message_id;
    },
  };
}

/** Expects Sinch's nested error envelope. */
export function expectError(
  answer: Pick<Answer<unknown>, 'status' | 'body'>,
  code: number,
  status: string,
  names = '',
): void {
  expect(answer).toMatchObject({
    status: code,
    body: {
      error: {
        code,
        status,
        message: expect.stringContaining(names) as string,
        details: expect.any(Array) as unknown[],
      },
    },
  });
}

/** RFC 3339 in UTC with no, three or six fraction digits: some clients refuse any other number of them. */
export const WIRE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?Z$/;
/** 26 characters of Crockford's alphabet. */
export const WIRE_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Resolves once nothing is owed to anybody: what has not come by then never will. */
export async function settled(instance: Instance): Promise<void> {
  await waitFor('nothing to be owed', async () => {
    const { text } = await rawRequest(instance.url, { method: 'GET', path: '/metrics' });
    const gauge = (name: string): number =>
      Number(new RegExp(`^optledger_${name} (\\d+)$`, 'm').exec(text)?.[1] ?? NaN);
    return ['view_lag_events', 'owed{lane="messages"}', 'owed{lane="callbacks"}'].every(
      (name) => gauge(name) === 0,
    );
  });
}
