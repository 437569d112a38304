import { describe, expect, it } from 'vitest';
import { runPhases, type PhaseReport } from '../../../../bin/wiring/shutdown.js';

async function reportsOf(phases: Parameters<typeof runPhases>[0]): Promise<PhaseReport[]> {
  const reports: PhaseReport[] = [];
  await runPhases(
    phases,
    () => 0,
    (ended) => reports.push(ended),
  );
  return reports;
}

describe('the way down', () => {
  it('takes the phases in order', async () => {
    const order: string[] = [];
    const phase = (name: string) => ({
      name,
      limitMs: 1_000,
      run: () => {
        order.push(name);
        return Promise.resolve();
      },
    });
    await reportsOf([phase('intake'), phase('worker'), phase('ledger')]);
    expect(order).toEqual(['intake', 'worker', 'ledger']);
  });

  it('leaves a phase behind that overstays its limit, and goes on after one that fails', async () => {
    const reports = await reportsOf([
      { name: 'stuck', limitMs: 10, run: () => new Promise(() => undefined) },
      { name: 'broken', limitMs: 1_000, run: () => Promise.reject(new Error('no')) },
      { name: 'fine', limitMs: 1_000, run: () => Promise.resolve() },
    ]);
    expect(reports.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['stuck', 'timed-out'],
      ['broken', 'failed'],
      ['fine', 'done'],
    ]);
  });
});
