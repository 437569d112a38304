import { ConversationCallbackWebhooks } from '@sinch/sdk-core';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildBody } from '../../domain/callbacks/callback-bodies.js';
import { BODY_CASES } from './callback-bodies-cases.js';

const GOLDEN = new URL('./callback-bodies/v1/', import.meta.url);
const golden = (name: string): string => readFileSync(new URL(`${name}.txt`, GOLDEN), 'utf8');

/** The one key of the payload that says what a callback is; SDKs derive the trigger from it. */
const PAYLOAD_KEYS = [
  'message',
  'opt_in_notification',
  'opt_out_notification',
  'message_submit_notification',
  'message_delivery_report',
];

describe.each(Object.entries(BODY_CASES))('body %s', (name, { trigger, source }) => {
  const body = buildBody(1, trigger, source);

  it('has the bytes that it always had', () => {
    expect(body).toBe(golden(name));
  });
  it('keeps its signature when a receiver signs the parsed body again', () => {
    expect(JSON.stringify(JSON.parse(body))).toBe(body);
  });
  it('is what the unmodified SDK takes it for', () => {
    const event = new ConversationCallbackWebhooks('secret').parseEvent(body);
    expect(event.trigger).toBe(trigger);
  });
  it('has exactly one payload, all envelope keys, and no null', () => {
    const parsed = JSON.parse(body) as Record<string, unknown>;
    const payload = Object.keys(parsed).filter((key) => PAYLOAD_KEYS.includes(key));
    expect(payload).toHaveLength(1);
    expect(Object.keys(parsed)).toEqual([
      ...['app_id', 'accepted_time', 'event_time', 'project_id'],
      ...payload,
      ...['message_metadata', 'correlation_id'],
    ]);
    expect(body).not.toContain('null');
  });
});

describe('golden files', () => {
  it('are all compared', () => {
    const files = readdirSync(GOLDEN).map((file) => file.replace(/\.txt$/, ''));
    expect(files.sort()).toEqual(Object.keys(BODY_CASES).sort());
  });
});
