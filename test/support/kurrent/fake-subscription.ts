import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { firstAt } from './fake-reads.js';
import type { FakeLog } from './fake-log.js';
import { toCaughtUp, toCheckpoint, toConfirmation, toEventResponse } from './messages.js';

/** Events between two checkpoints, per unit of the interval that the client asks for. */
const CHECKPOINT_UNIT = 32;

export interface FollowOptions {
  /** Resolves when the server does not stand still. */
  readonly proceed: () => Promise<void>;
  readonly saysCaughtUp: () => boolean;
}

/** A subscription to all streams whose names begin with a prefix, until the call ends. */
export async function followLog(
  log: FakeLog,
  call: ServerWritableStream<ReadReq, ReadResp>,
  options: ReadReq.Options,
  { proceed, saysCaughtUp }: FollowOptions,
): Promise<void> {
  const filter = options.getFilter();
  const prefixes = filter?.getStreamIdentifier()?.getPrefixList() ?? [''];
  const every = (filter?.getCheckpointintervalmultiplier() ?? 1) * CHECKPOINT_UNIT;
  const given = options.getAll();
  // The position asked for has been seen.
  let next =
    given?.hasPosition() === true
      ? firstAt(log.events, BigInt(given.getPosition()?.getCommitPosition() ?? '0') + 1n)
      : 0;
  const write = async (response: ReadResp): Promise<void> => {
    if (!call.write(response)) await once(call, 'drain');
  };
  await write(toConfirmation(crypto.randomUUID()));
  for (let [looked, told] = [0, false]; !call.cancelled && !call.destroyed;) {
    await proceed();
    const event = log.events[next];
    if (event === undefined) {
      if (!told && saysCaughtUp()) await write(toCaughtUp());
      told = true;
      await appended(log, call);
      continue;
    }
    next += 1;
    looked += 1;
    if (prefixes.some((prefix) => event.stream.startsWith(prefix))) await write(toEventResponse(event));
    if (looked % every === 0) await write(toCheckpoint(event.position));
  }
}

function appended(log: FakeLog, call: ServerWritableStream<ReadReq, ReadResp>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      call.off('cancelled', done).off('close', done);
      resolve();
    };
    const stop = log.onAppended(done);
    call.on('cancelled', done).on('close', done);
  });
}
