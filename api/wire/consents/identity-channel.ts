import { z } from 'zod';
import { CHANNELS } from '../../../domain/identity/channels.js';

/** The channel that an identity is one of. */
export const channelOfIdentity = z
  .enum(CHANNELS)
  .describe(
    'a phone number is one identity on SMS, MMS, WHATSAPP, RCS and VIBERBM, another identity on each other channel; without a channel, what reads as a phone number is one, and anything else means that identity on every other channel',
  );
