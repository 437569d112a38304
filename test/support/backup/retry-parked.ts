import { expect } from 'vitest';
import type { Instance } from '../instance/instance.js';

/** Asks for some of the parked callbacks again, one by one: each is delivered. @returns how many */
export async function retryParked(instance: Instance, count: number): Promise<number> {
  const query = `/callbacks?state=parked&trigger=MESSAGE_INBOUND&page_size=${String(count)}`;
  const { body } = await instance.call<{ callbacks: { id: string }[] }>('GET', query);
  expect(body.callbacks).toHaveLength(count);
  for (const { id } of body.callbacks) {
    const answer = await instance.call<{ state: string }>('POST', `/callbacks/${id}:retry`);
    expect([answer.status, answer.body.state]).toEqual([200, 'delivered']);
  }
  return count;
}
