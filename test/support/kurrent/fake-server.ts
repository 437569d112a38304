import { setTimeout as delay } from 'node:timers/promises';
import { Metadata, Server, ServerCredentials, status, type StatusObject } from '@grpc/grpc-js';
import type { sendUnaryData, ServerReadableStream, ServerWritableStream } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import generated from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { AppendReq, AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { FakeLog, type NewEvent, type ExpectedRevision } from './fake-log.js';
import { answerRead, fail } from './fake-reads.js';
import { followLog } from './fake-subscription.js';
import { expectedOf, nameOf, newEventOf, toAppendResponse } from './messages.js';

/** What becomes of one append. */
export interface AppendFault {
  /** Whether it is written all the same. */
  readonly write: boolean;
  /** When it is answered, if at all, and how. */
  readonly answer: 'never' | { readonly afterMs: number } | { readonly code: status };
}

/** What the server does wrong; may be changed at any time. */
export interface Faults {
  append?: ((stream: string) => AppendFault | undefined) | undefined;
  /** What becomes of one read. */
  read?: (() => 'never answered' | 'cut' | undefined) | undefined;
  /** True: this subscription is never confirmed. */
  subscribe?: (() => boolean) | undefined;
  /** Every call is refused as by a server that has just started. */
  notReady: boolean;
  /** Servers before 23.10 do not say that a subscription has caught up. */
  saysCaughtUp: boolean;
}

/** A server that speaks the protocol of EventStoreDB on a port of loopback, and errs on demand. */
export interface FakeKurrent {
  readonly url: string;
  readonly log: FakeLog;
  readonly faults: Faults;
  /** Stands still, connections stay open; resolves when `thaw` was called. */
  freeze(): void;
  thaw(): void;
  /** Ends every subscription as a server does that loses its connection. */
  cutSubscriptions(): void;
  /** Ends every subscription in good order, as a server does that is shut down. */
  endSubscriptions(): void;
  /** Ends all connections, and refuses new ones until `start`. */
  stop(): Promise<void>;
  /** Goes on with the same log and port; ids it kept in memory are forgotten. */
  start(): Promise<void>;
}

export async function startFakeKurrent(port = 0): Promise<FakeKurrent> {
  const log = new FakeLog();
  const faults: Faults = { notReady: false, saysCaughtUp: true };
  const subscriptions = new Set<ServerWritableStream<ReadReq, ReadResp>>();
  let thaw = (): void => undefined;
  let thawed = Promise.resolve();

  async function append(
    call: ServerReadableStream<AppendReq, AppendResp>,
    answer: sendUnaryData<AppendResp>,
  ) {
    const { stream, expected, events } = await received(call);
    await thawed;
    if (faults.notReady) {
      answer(NOT_READY);
      return;
    }
    const fault = faults.append?.(stream);
    const written = fault?.write === false ? undefined : log.append(stream, events, expected);
    if (fault !== undefined && fault.answer === 'never') return;
    if (fault !== undefined && typeof fault.answer === 'object') {
      if ('code' in fault.answer) {
        answer({ code: fault.answer.code, details: 'planted' });
        return;
      }
      await delay(fault.answer.afterMs);
    }
    if (written === undefined) return;
    if (written.outcome === 'deleted') answer(deleted(stream));
    else answer(null, toAppendResponse(written, expected));
  }

  async function read(call: ServerWritableStream<ReadReq, ReadResp>) {
    await thawed;
    if (faults.notReady) {
      fail(call, NOT_READY);
      return;
    }
    const planted = faults.read?.();
    if (planted === 'cut') fail(call, { code: status.UNAVAILABLE, details: 'cut' });
    if (planted !== undefined) return;
    const options = call.request.getOptions();
    if (options === undefined) throw new Error('a read without options');
    if (!options.hasSubscription()) {
      answerRead(log, call, options, deleted);
      return;
    }
    if (faults.subscribe?.() === true) return;
    subscriptions.add(call);
    call.on('cancelled', () => subscriptions.delete(call));
    await followLog(log, call, options, {
      proceed: () => thawed,
      saysCaughtUp: () => faults.saysCaughtUp,
    });
  }

  const handlers = {
    append: (call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>) => {
      append(call, answer).catch(() => undefined);
    },
    read: (call: ServerWritableStream<ReadReq, ReadResp>) => {
      read(call).catch(() => undefined);
    },
  };
  let server = await listen(handlers, port);
  const bound = server.port;
  return {
    url: `esdb://127.0.0.1:${String(bound)}?tls=false`,
    log,
    faults,
    freeze() {
      thawed = new Promise((resolve) => {
        thaw = resolve;
      });
    },
    thaw: () => {
      thaw();
    },
    cutSubscriptions() {
      for (const call of subscriptions) {
        fail(call, { code: status.UNAVAILABLE, details: 'cut' });
      }
      subscriptions.clear();
    },
    endSubscriptions() {
      for (const call of subscriptions) call.end();
      subscriptions.clear();
    },
    async stop() {
      server.grpc.forceShutdown();
      subscriptions.clear();
      await delay(0);
    },
    async start() {
      log.forgetRecentIds();
      server = await listen(handlers, bound);
    },
  };
}

const NOT_READY: Partial<StatusObject> = {
  code: status.UNAVAILABLE,
  details: 'Server Is Not Ready',
  metadata: exception('not-ready'),
};

function deleted(stream: string): Partial<StatusObject> {
  const metadata = exception('stream-deleted');
  metadata.set('stream-name', stream);
  return { code: status.FAILED_PRECONDITION, details: 'deleted', metadata };
}

function exception(name: string): Metadata {
  const metadata = new Metadata();
  metadata.set('exception', name);
  return metadata;
}

async function received(
  call: ServerReadableStream<AppendReq, AppendResp>,
): Promise<{ stream: string; expected: ExpectedRevision; events: readonly NewEvent[] }> {
  let [stream, expected]: [string, ExpectedRevision] = ['', 'any'];
  const events: NewEvent[] = [];
  for await (const request of call as AsyncIterable<AppendReq>) {
    const [options, message] = [request.getOptions(), request.getProposedMessage()];
    if (options !== undefined)
      [stream, expected] = [nameOf(options.getStreamIdentifier()), expectedOf(options)];
    if (message !== undefined) events.push(newEventOf(message));
  }
  return { stream, expected, events };
}

/** A real server offers appends on one shared stream, which never time out; ours must not be drawn to it. */
function answerFeatures(_call: unknown, answer: sendUnaryData<featureMessages.SupportedMethods>): void {
  const method = new featureMessages.SupportedMethod();
  method.setServiceName('event_store.client.streams.streams');
  method.setMethodName('batchappend');
  const supported = new featureMessages.SupportedMethods();
  supported.setEventStoreServerVersion('23.10.0');
  supported.addMethods(method);
  answer(null, supported);
}

async function listen(handlers: object, port: number): Promise<{ grpc: Server; port: number }> {
  const grpc = new Server({ 'grpc.max_receive_message_length': 20 * 1024 * 1024 });
  grpc.addService(generated.StreamsService, { ...handlers, batchAppend: () => undefined });
  grpc.addService(features.ServerFeaturesService, { getSupportedMethods: answerFeatures });
  const bound = await new Promise<number>((resolve, reject) => {
    grpc.bindAsync(`127.0.0.1:${String(port)}`, ServerCredentials.createInsecure(), (error, at) => {
      if (error === null) resolve(at);
      else reject(error);
    });
  });
  return { grpc, port: bound };
}
