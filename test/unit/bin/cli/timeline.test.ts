import { describe, expect, it } from 'vitest';
import { mergeTimeline, type Entry } from '../../../../bin/cli/timeline.js';

const entry = (ms: number, kind: Entry['kind'], what: string): Entry => ({
  ...{ at: new Date(ms).toISOString(), kind, what, detail: '', source: null },
});

describe('a timeline', () => {
  it('is one order of all parts, cause before effect within a millisecond', () => {
    const callbacks = [entry(5, 'callback', 'c1'), entry(5, 'callback', 'c2'), entry(9, 'callback', 'c3')];
    const sent = [entry(5, 'message-out', 'reply'), entry(7, 'message-out', 'sent')];
    const changes = [entry(5, 'consent', 'opted out')];
    const received = [entry(5, 'message-in', 'STOP'), entry(8, 'message-in', 'hello')];
    expect(mergeTimeline([callbacks, sent, changes, received], 100).map(({ what }) => what)).toEqual([
      ...['STOP', 'opted out', 'reply', 'c1', 'c2', 'sent', 'hello', 'c3'],
    ]);
  });

  it('keeps the newest', () => {
    const part = [1, 2, 3].map((ms) => entry(ms, 'consent', String(ms)));
    expect(mergeTimeline([part], 2).map(({ what }) => what)).toEqual(['2', '3']);
  });

  it('knows times with and without fractions', () => {
    const parts = [
      [{ ...entry(0, 'consent', 'b'), at: '2026-01-01T00:00:01Z' }],
      [{ ...entry(0, 'callback', 'a'), at: '2026-01-01T00:00:00.999Z' }],
    ];
    expect(mergeTimeline(parts, 9).map(({ what }) => what)).toEqual(['a', 'b']);
  });
});
