import { describe, expect, it } from 'vitest';
import { batchWorkflowId, itemWorkflowId, taskQueue } from '../../../workflows/names.js';
import { attemptTable, batchSummary, timerSummary } from '../../../workflows/summaries.js';

describe('what an operator reads', () => {
  it('counts a batch, leaving out what did not happen', () => {
    expect(batchSummary('deliver-callbacks', 152, { delivered: 150, parked: 0, waiting: 2 })).toBe(
      'deliver-callbacks · 152 · 150 delivered, 2 waiting',
    );
    expect(batchSummary('send-messages', 1, {})).toBe('send-messages · 1');
  });

  it('names the next attempt beside its timer', () => {
    expect(timerSummary(4, '2026-11-01T14:05:59.000Z', '503')).toBe('attempt 4 at 14:05, 503');
  });

  it('shows the last forty attempts as a table', () => {
    const rows = Array.from({ length: 50 }, (_, n) => ({ attempt: n + 1, outcome: '503', next: 'later' }));
    const lines = attemptTable(rows).split('\n');
    expect(lines).toHaveLength(42);
    expect(lines.at(-1)).toBe('| 50 | 503 | later |');
    expect(lines[2]).toBe('| 11 | 503 | later |');
  });
});

describe('names', () => {
  it('begin with the ledger, so that two instances may share a Temporal', () => {
    expect(taskQueue('l1', 'messages')).toBe('l1-messages');
    expect(batchWorkflowId('l1', 'callbacks', 'b')).toBe('l1:callbacks:b');
    expect(itemWorkflowId('l1', 'callbacks', 'c')).toBe('l1:callback:c');
    expect(itemWorkflowId('l1', 'messages', 'm')).toBe('l1:message:m');
  });
});
