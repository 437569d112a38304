import type { ServerWritableStream, StatusObject } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { FakeLog, LogEvent } from './fake-log.js';
import { nameOf, toEventResponse, toNotFound } from './messages.js';

const isBackwards = (options: ReadReq.Options): boolean => (options.getReadDirection() as number) === 1;

/** Ends a call with a status; destroying it would tell its client nothing. */
export function fail(call: ServerWritableStream<ReadReq, ReadResp>, problem: Partial<StatusObject>): void {
  call.emit('error', problem);
}

/** Answers a read that ends: of one stream or of all. */
export function answerRead(
  log: FakeLog,
  call: ServerWritableStream<ReadReq, ReadResp>,
  options: ReadReq.Options,
  deleted: (stream: string) => Partial<StatusObject>,
): void {
  const ofStream = options.getStream();
  const name = nameOf(ofStream?.getStreamIdentifier());
  if (ofStream !== undefined && log.isDeleted(name)) {
    fail(call, deleted(name));
    return;
  }
  const found = ofStream === undefined ? selectAll(log, options) : selectStream(log, name, options);
  if (found === undefined) call.write(toNotFound(name));
  else for (const event of found) call.write(toEventResponse(event));
  call.end();
}

function selectStream(log: FakeLog, name: string, options: ReadReq.Options): readonly LogEvent[] | undefined {
  const events = log.read(name);
  if (events === undefined || events.length === 0) return undefined;
  const count = Number(options.getCount());
  const given = options.getStream();
  if (!isBackwards(options)) {
    const from = given?.hasRevision() === true ? Number(given.getRevision()) : 0;
    return events.filter(({ revision }) => revision >= from).slice(0, count);
  }
  const last = events.at(-1)?.revision ?? 0;
  const from = given?.hasRevision() === true ? Number(given.getRevision()) : last;
  // A window of revisions: beyond the last one there is nothing to see.
  return events.filter(({ revision }) => revision <= from && revision > from - count).reverse();
}

function selectAll(log: FakeLog, options: ReadReq.Options): readonly LogEvent[] {
  const count = Number(options.getCount());
  const given = options.getAll();
  if (isBackwards(options)) {
    // From a position on backwards: what ends there, not the event that begins there.
    const end = given?.hasPosition() === true ? firstAt(log.events, positionIn(given)) : log.events.length;
    return log.events.slice(Math.max(0, end - count), end).reverse();
  }
  if (given?.hasPosition() !== true) return log.events.slice(0, count);
  const from = firstAt(log.events, positionIn(given));
  return log.events.slice(from, from + count);
}

function positionIn(all: ReadReq.Options.AllOptions): bigint {
  return BigInt(all.getPosition()?.getCommitPosition() ?? '0');
}

/** Index of the first event at or after the position. */
export function firstAt(events: readonly LogEvent[], position: bigint): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.position ?? 0n) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
