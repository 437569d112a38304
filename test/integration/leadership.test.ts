import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { POLICY } from '../../bin/wiring/policy.js';
import { setTimer } from '../../bin/machine/set-timer.js';
import { standForLeader, type Candidate } from '../../bin/temporal/temporal-leader.js';
import { linkTemporal, type TemporalLink } from '../../bin/temporal/temporal-link.js';
import { startTemporalServer, type TemporalServer } from '../../bin/temporal/temporal-server.js';
import { installTemporalRuntime, temporalLogger } from '../../bin/temporal/temporal-worker.js';
import { makeWorkflowBundle } from '../../bin/wiring/workflow-bundle.js';
import { leaderId } from '../../workflows/names.js';
import { waitFor } from '../support/wait-for.js';

// Who is the reactor, decided by a real Temporal server among candidates with a way to it each.

const logger = pino({ level: 'silent' });
installTemporalRuntime(logger);
const dir = mkdtempSync(join(tmpdir(), 'leadership-'));

/** A candidate whose terms do nothing. */
interface Stand {
  readonly name: string;
  readonly link: TemporalLink;
  readonly candidate: Candidate;
  /** Ends its term as the fence does. */
  takeOver(): void;
}

let server: TemporalServer;
let bundle: string;
let ledgerId: string;
let leaders: string[];
let began: string[];
let fault: Error | undefined;
let stands: Stand[];

const times = POLICY.temporal;

async function stand(name: string): Promise<Stand> {
  const link = await linkTemporal({
    ...{ address: server.address, namespace: 'default', ledgerId, isOurs: true, times },
    say: () => undefined,
  });
  let takeOver: () => void = () => undefined;
  const candidate = await standForLeader({
    ...{ link, ledgerId, bundle, logger, setTimer, times },
    beginTerm: () => {
      if (fault !== undefined) return Promise.reject(fault);
      began.push(name);
      leaders.push(name);
      const over = new Promise<void>((resolve) => {
        takeOver = resolve;
      });
      return Promise.resolve({
        over,
        end: () => {
          leaders = leaders.filter((other) => other !== name);
          return Promise.resolve();
        },
      });
    },
  });
  const made = {
    ...{ name, link, candidate },
    takeOver: () => {
      takeOver();
    },
  };
  stands.push(made);
  return made;
}

const leader = (): Promise<Stand> =>
  waitFor('a leader', () =>
    leaders.length === 1 ? stands.find(({ name }) => name === leaders[0]) : undefined,
  );
const terms = (count: number): Promise<true> =>
  waitFor(`${String(count)} terms`, () => began.length >= count || undefined, 20_000);

beforeAll(async () => {
  server = await startTemporalServer({ executable: inject('temporalExecutable'), dbFile: join(dir, 't.db') });
  bundle = await makeWorkflowBundle(temporalLogger(logger));
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  [ledgerId, leaders, began, stands, fault] = [randomBytes(4).toString('hex'), [], [], [], undefined];
});
afterEach(async () => {
  await Promise.all(stands.map(({ candidate }) => candidate.stop()));
  await Promise.all(stands.map(({ link }) => link.close()));
});

describe('among many candidates', () => {
  it('one leads; when it steps down another begins within seconds', async () => {
    await Promise.all(['a', 'b', 'c'].map(stand));
    const first = await leader();
    expect(began).toEqual([first.name]);
    expect(stands.every(({ candidate }) => candidate.standing())).toBe(true);
    const asked = performance.now();
    await first.candidate.stop();
    expect(leaders).not.toContain(first.name);
    const second = await leader();
    expect(second.name).not.toBe(first.name);
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(began).toEqual([first.name, second.name]);
  });

  it('one that was fenced ends its term, and somebody begins a new one', async () => {
    await Promise.all(['a', 'b'].map(stand));
    (await leader()).takeOver();
    await terms(2);
    expect(leaders).toHaveLength(1);
  });

  it(
    'its workflow may be terminated: it is asked for again, and one leads',
    { timeout: 60_000 },
    async () => {
      await Promise.all(['a', 'b'].map(stand));
      const { link } = await leader();
      await link.client.workflow.getHandle(leaderId(ledgerId)).terminate();
      await terms(2);
      // The old one hears of it with its next beat: until then the cursor decides.
      await leader();
    },
  );

  it('one that cannot begin says why and leaves it to the next try', { timeout: 30_000 }, async () => {
    fault = new Error('no cursor');
    const { link } = await stand('a');
    const failed = await waitFor('the first failure', async () => {
      const { raw } = await link.client.workflow.getHandle(leaderId(ledgerId)).describe();
      return raw.pendingActivities?.[0]?.lastFailure ?? undefined;
    });
    expect(failed).toMatchObject({ applicationFailureInfo: { type: 'Error' } });
    expect(JSON.stringify(failed)).not.toContain('no cursor');
    fault = undefined;
    await leader();
  });

  it('hands on as often as it likes without a longer history', async () => {
    await Promise.all(['a', 'b'].map(stand));
    for (let n = 1; n <= 4; n++) {
      await terms(n);
      (await leader()).takeOver();
    }
    await terms(5);
    const { historyLength } = await (stands[0] as Stand).link.client.workflow
      .getHandle(leaderId(ledgerId))
      .describe();
    expect(historyLength).toBeLessThan(10);
  });
});
