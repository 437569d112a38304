import type { EventStoreDBClient } from '@eventstore/db-client';

/**
 * A server may have so many bytes under way to us, per call and per connection. HTTP/2's own 64 KB are some 80 events. The
 * window opens again once per turn of the event loop, so with those a busy process would fold 80 events a turn and fall
 * behind for good.
 */
const WINDOW_BYTES = 1024 * 1024;

/** A part of the client that its types hide: it makes its channel by this, and reads the options when it connects. */
interface ChannelMaker {
  createChannel: () => Promise<{
    readonly internalChannel: { readonly options: Record<string, unknown> };
  }>;
}

/** Opens the window of a client that has not connected yet; it takes no options for its channel (6.2.1, the last release). */
export function openWindow(client: EventStoreDBClient): EventStoreDBClient {
  const maker = client as unknown as ChannelMaker;
  const create = maker.createChannel;
  maker.createChannel = async () => {
    const channel = await create();
    channel.internalChannel.options['grpc-node.flow_control_window'] = WINDOW_BYTES;
    return channel;
  };
  return client;
}
