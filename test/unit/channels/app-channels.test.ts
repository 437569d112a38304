import { describe, expect, it } from 'vitest';
import { takesChannel } from '../../../channels/app-channels.js';

describe('takesChannel', () => {
  const app = (credentials: unknown) => ({ profile: { channel_credentials: credentials } });

  it('is true for the channels that the app has credentials for', () => {
    const both = app([{ channel: 'SMS' }, { channel: 'WHATSAPP', static_bearer: {} }]);
    expect(['SMS', 'WHATSAPP', 'RCS', undefined].map((channel) => takesChannel(both, channel))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(takesChannel(app([]), 'SMS')).toBe(false);
    expect(takesChannel(app([null, 'SMS', {}]), 'SMS')).toBe(false);
  });

  it('is true for all where the profile says nothing of credentials', () => {
    expect(takesChannel({ profile: {} }, 'SMS')).toBe(true);
  });
});
