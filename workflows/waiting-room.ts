import { condition, setCurrentDetails } from '@temporalio/workflow';
import { showSearchable, type Searchable } from './search-attributes.js';
import { attemptTable, timerSummary, type Row } from './summaries.js';

/** So long is waited at least, so that a look that leads to nothing is not repeated at once. */
const SHORTEST_WAIT_MS = 500;

/** Keeps a single item waiting, and shows an operator what it waits for. */
export interface WaitingRoom {
  /** Waits for the next try after one that failed. @param next when, RFC 3339 */
  untilNextTry(tried: { attempt: number; outcome: string; next: string; waitMs: number }): Promise<void>;
  /** Waits for something else, which shows only beside the timer. */
  pause(waitMs: number, why: string): Promise<void>;
  /** Tells how it ended, if anybody was told that it waits. */
  ended(state: string, attempts: number): void;
}

type Subject = Pick<Searchable, 'appId' | 'endpointId' | 'trigger'>;

/** Opens the waiting room of one item. @param woken true ends a wait before its time */
export function openWaitingRoom(
  subject: Subject,
  searchAttributes: boolean,
  woken: () => boolean = () => false,
): WaitingRoom {
  const rows: Row[] = [];
  const show = (state: string, attempts: number, nextAttemptAt: string | null): void => {
    setCurrentDetails(attemptTable(rows));
    if (searchAttributes) showSearchable({ ...subject, state, attempts, nextAttemptAt });
  };
  const wait = async (waitMs: number, summary: string): Promise<void> => {
    await condition(woken, Math.max(waitMs, SHORTEST_WAIT_MS), { summary });
  };
  return {
    async untilNextTry({ attempt, outcome, next, waitMs }) {
      rows.push({ attempt, outcome, next });
      show('waiting', attempt, next);
      await wait(waitMs, timerSummary(attempt + 1, next, outcome));
    },
    pause: wait,
    ended(state, attempts) {
      if (rows.length === 0) return;
      rows.push({ attempt: attempts, outcome: state, next: '' });
      show(state, attempts, null);
    },
  };
}
