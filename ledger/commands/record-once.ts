import type {
  ConsentResult,
  RecordingEnded,
  RecordingEvent,
  RecordingStarted,
} from '../../domain/events/events.js';
import { appendClearly } from '../append-clearly.js';
import { metaOf } from './change-app.js';
import { RevisionConflict } from '../errors.js';
import { deriveId } from '../event-ids.js';
import type { Ledger, Recorded } from '../ledger.js';
import { recordConsents, type ConsentBatch, type RecordDeps } from './record-consent.js';
import { nextRecordedAt } from '../recorded-at.js';
import { Refusal } from '../../domain/refusal.js';
import { inTurn } from '../stream-turns.js';
import { recordingStream } from '../streams.js';

/** The caller's key, and the request that it stands for as text that is equal for equal requests. */
export interface IdempotentRequest {
  readonly key: string;
  readonly request: string;
}

/**
 * Records a batch under an idempotency key: the first complete run's results are kept and answered from then on.
 * A run that was cut short is taken up by the next one under its key, and nothing is written twice.
 * @throws Refusal `idempotency-key-reused` when another request came under the same key; nothing is written.
 * What `recordConsents` throws
 */
export function recordConsentsOnce(
  deps: RecordDeps,
  batch: Omit<ConsentBatch, 'batchId' | 'resumed'>,
  { key, request }: IdempotentRequest,
): Promise<readonly ConsentResult[]> {
  const { ledger, rootKey } = deps;
  const { projectId, appId } = batch.app.state;
  // The key goes in as an HMAC: it may hold a name or a number.
  const keyHmac = rootKey.textHmac(JSON.stringify(['consents:record', projectId, appId, key]));
  const recordingId = deriveId('recording', keyHmac);
  const stream = recordingStream(recordingId);
  const data = { projectId, appId, recordingId };
  // Runs go one at a time, because two side by side could judge one record differently.
  return inTurn(ledger, stream, async () => {
    const requestHash = rootKey.textHmac(request);
    const started = startedEvent(deps, batch, { ...data, requestHash, records: batch.records.length });
    const { duplicate } = await appendClearly(deps, stream, [started], 'none');
    const [first, ended] = await readRecording(ledger, stream);
    if (first?.event.data.requestHash !== requestHash) throw new Refusal('idempotency-key-reused');
    if (ended !== undefined) return ended.event.data.results;
    const results = await recordConsents(deps, { ...batch, batchId: recordingId, resumed: duplicate });
    return keepResults(deps, stream, endedEvent(deps, batch, first, { ...data, results }));
  });
}

/** Another process may have ended the same run meanwhile: what was kept first counts. */
async function keepResults(
  deps: RecordDeps,
  stream: string,
  event: RecordingEnded,
): Promise<readonly ConsentResult[]> {
  try {
    await appendClearly(deps, stream, [event], 0);
    return event.data.results;
  } catch (error) {
    if (!(error instanceof RevisionConflict)) throw error;
    const [, ended] = await readRecording(deps.ledger, stream);
    if (ended === undefined) throw error;
    return ended.event.data.results;
  }
}

async function readRecording(
  ledger: Ledger,
  stream: string,
): Promise<[Recorded<RecordingStarted> | undefined, Recorded<RecordingEnded> | undefined]> {
  const read = { from: 0, direction: 'forwards', limit: 2 } as const;
  const [first, last] = (await ledger.readStream(stream, read)) as readonly Recorded<RecordingEvent>[];
  return [
    first?.event.type === 'recording-started' ? (first as Recorded<RecordingStarted>) : undefined,
    last?.event.type === 'recording-ended' ? (last as Recorded<RecordingEnded>) : undefined,
  ];
}

type Batch = Pick<ConsentBatch, 'actor'>;

function startedEvent(
  { clock }: RecordDeps,
  { actor }: Batch,
  data: RecordingStarted['data'],
): RecordingStarted {
  return {
    ...{
      id: deriveId('recording', data.recordingId, 'started'),
      type: 'recording-started',
      version: 1,
      data,
    },
    meta: metaOf(nextRecordedAt(clock, undefined), actor),
  };
}

function endedEvent(
  { clock }: RecordDeps,
  { actor }: Batch,
  started: Recorded,
  data: RecordingEnded['data'],
): RecordingEnded {
  return {
    ...{ id: deriveId('recording', data.recordingId, 'ended'), type: 'recording-ended', version: 1, data },
    meta: metaOf(nextRecordedAt(clock, started), actor),
  };
}
