import type { Channel } from '../../channels/channel.js';
import type { AppState } from '../../domain/settings.js';
import type { Ledger } from '../../ledger/ledger.js';
import { appStateOf } from '../../ledger/reads/app-reads.js';
import type { MessageReading } from './message-reading.js';

/**
 * Whether a message may be handed over through this channel, seen from its earlier calls whose outcome nobody knows:
 * only a gateway that got the idempotency key with each of them can tell the repeat from a new message.
 */
export async function mayRepeat(
  ledger: Pick<Ledger, 'readStream'>,
  { unknown }: MessageReading,
  app: AppState,
  channel: Pick<Channel, 'idempotent'>,
): Promise<boolean> {
  if (unknown.length === 0) return true;
  if (!channel.idempotent) return false;
  const now = gatewayOf(app);
  for (const { channelType, permit } of unknown) {
    if (channelType !== app.channel.type) return false;
    const { stream, revision: from } = permit.app;
    const [then] = await ledger.readStream(stream, { from, direction: 'forwards', limit: 1 });
    const before = appStateOf(then);
    if (before === undefined || gatewayOf(before) !== now) return false;
  }
  return true;
}

/** Names a gateway so that two can be told apart; with another secret it is still the same gateway. */
function gatewayOf({ channel }: AppState): string {
  return channel.type === 'http' ? `http ${channel.url}` : channel.type;
}
