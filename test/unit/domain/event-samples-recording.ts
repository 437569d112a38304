import type { RecordingEnded, RecordingStarted } from '../../../domain/events/events.js';
import { sampleUuid } from './sample-ids.js';

const AT = '2026-01-02T03:04:05.678Z';
const meta = { recordedAt: AT, occurredAt: AT, actor: { type: 'access-key', id: 'k-1' } } as const;
const base = { id: sampleUuid(1), version: 1, meta } as const;
const recording = { projectId: 'p-1', appId: 'app-1', recordingId: sampleUuid(6) };

/** Samples of the events of `recording-<uuid>`. */
export const RECORDING_SAMPLES: {
  readonly 'recording-started': RecordingStarted;
  readonly 'recording-ended': RecordingEnded;
} = {
  'recording-started': {
    ...base,
    type: 'recording-started',
    data: { ...recording, requestHash: 'ab', records: 2 },
  },
  'recording-ended': {
    ...base,
    type: 'recording-ended',
    data: {
      ...recording,
      results: [
        { status: 'RECORDED', eventId: sampleUuid(2), changed: true },
        { status: 'REFUSED', eventId: sampleUuid(3) },
      ],
    },
  },
};
