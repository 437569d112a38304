import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision, LogEvent, NewEvent, Written } from './fake-log.js';

// Between the client's own generated messages and the fake's plain values.

const { AppendResp, ReadResp } = streams;
const { Empty, StreamIdentifier, UUID } = shared;

export function nameOf(identifier: { getStreamName_asU8(): Uint8Array } | undefined): string {
  return new TextDecoder().decode(identifier?.getStreamName_asU8());
}

export function expectedOf(options: AppendReq.Options): ExpectedRevision {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return Number(options.getRevision());
}

export function newEventOf(message: AppendReq.ProposedMessage): NewEvent {
  const given = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: given.get('type') ?? '',
    contentType: given.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function toAppendResponse(
  written: Exclude<Written, { outcome: 'deleted' }>,
  expected: ExpectedRevision,
) {
  const response = new AppendResp();
  if (written.outcome === 'written') {
    const success = new AppendResp.Success();
    success.setCurrentRevision(String(written.revision));
    if (written.position === undefined) success.setNoPosition(new Empty());
    else {
      const position = new AppendResp.Position();
      position.setCommitPosition(String(written.position));
      position.setPreparePosition(String(written.position));
      success.setPosition(position);
    }
    response.setSuccess(success);
    return response;
  }
  const conflict = new AppendResp.WrongExpectedVersion();
  if (written.current === 'no_stream') conflict.setCurrentNoStream(new Empty());
  else conflict.setCurrentRevision(String(written.current));
  if (expected === 'no_stream') conflict.setExpectedNoStream(new Empty());
  else if (expected === 'stream_exists') conflict.setExpectedStreamExists(new Empty());
  else if (expected === 'any') conflict.setExpectedAny(new Empty());
  else conflict.setExpectedRevision(String(expected));
  response.setWrongExpectedVersion(conflict);
  return response;
}

export function toEventResponse(event: LogEvent) {
  const recorded = new ReadResp.ReadEvent.RecordedEvent();
  const id = new UUID();
  id.setString(event.id);
  recorded.setId(id);
  recorded.setStreamIdentifier(identifierOf(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(String(event.position));
  recorded.setPreparePosition(String(event.position));
  recorded.setData(event.data);
  recorded.setCustomMetadata(event.metadata);
  const metadata = recorded.getMetadataMap();
  metadata.set('type', event.type);
  metadata.set('content-type', event.contentType);
  metadata.set('created', '0');
  const read = new ReadResp.ReadEvent();
  read.setEvent(recorded);
  read.setCommitPosition(String(event.position));
  const response = new ReadResp();
  response.setEvent(read);
  return response;
}

export function toNotFound(stream: string) {
  const missing = new ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifierOf(stream));
  const response = new ReadResp();
  response.setStreamNotFound(missing);
  return response;
}

export function toConfirmation(subscriptionId: string) {
  const confirmation = new ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(subscriptionId);
  const response = new ReadResp();
  response.setConfirmation(confirmation);
  return response;
}

export function toCheckpoint(position: bigint) {
  const checkpoint = new ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  const response = new ReadResp();
  response.setCheckpoint(checkpoint);
  return response;
}

export function toCaughtUp() {
  const response = new ReadResp();
  response.setCaughtUp(new ReadResp.CaughtUp());
  return response;
}

function identifierOf(stream: string) {
  const identifier = new StreamIdentifier();
  identifier.setStreamName(new TextEncoder().encode(stream));
  return identifier;
}
