import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../channels/channel.js';
import { createChannels } from '../../../channels/choose-channel.js';
import { channelSecretContext } from '../../../domain/seal-contexts.js';
import { DEFAULT_CONSENT_SETTINGS, type AppState, type ChannelSettings } from '../../../domain/settings.js';

const simulator: Channel = { idempotent: false, prepare: () => Promise.reject(new Error('not here')) };
const app = (channel: ChannelSettings, appId = 'app-1'): AppState => ({
  projectId: 'p',
  appId,
  deleted: false,
  displayName: '',
  processingMode: 'DISPATCH',
  profile: {},
  consent: DEFAULT_CONSENT_SETTINGS,
  channel,
  endpoints: [],
  sealedOverrideSecret: null,
});
const http = (idempotent: boolean): ChannelSettings => ({
  type: 'http',
  url: 'https://gateway.example/',
  sealedSecret: 'sealed',
  idempotent,
});

function channels(opened: string[] = [], simulated: Channel | null = simulator) {
  const open = (sealed: string, context: string): string => {
    opened.push(`${sealed} ${context}`);
    return 'secret';
  };
  const answer = {
    status: 200,
    fault: null,
    sent: true,
    peer: null,
    durationMs: 1,
    retryAfter: null,
    excerpt: '',
    truncated: false,
  } as const;
  return createChannels({
    simulator: simulated,
    http: { post: () => Promise.resolve(answer) },
    clock: { now: () => 0 },
    newNonce: () => 'n',
    open,
    publicUrl: 'https://us.example',
    concurrency: 1,
  });
}

describe('choose channel', () => {
  it('gives the simulator to those who are on it', () => {
    expect(channels().choose(app({ type: 'simulator' }))).toBe(simulator);
    expect(channels([], null).choose(app({ type: 'simulator' }))).toBeUndefined();
  });

  it('opens the secret once per settings', () => {
    const opened: string[] = [];
    const chooser = channels(opened);
    const first = chooser.choose(app(http(false)));
    expect(chooser.choose(app(http(false)))).toBe(first);
    expect(opened).toEqual([`sealed ${channelSecretContext('app-1')}`]);
    const changed = chooser.choose(app(http(true)));
    expect(changed).not.toBe(first);
    expect(changed?.idempotent).toBe(true);
  });

  it('keeps an app’s slots when its settings change, and never shares them', async () => {
    const chooser = channels();
    const message = {
      messageId: 'm',
      projectId: 'p',
      appId: 'app-1',
      kind: 'MESSAGE',
      channel: 'SMS',
      identity: '1',
      sender: '',
      text: '',
      message: {},
      contentType: 'CONTENT_UNKNOWN',
      attempt: 1,
    } as const;
    const held = await chooser.choose(app(http(false)))?.prepare(message);
    let granted = false;
    void chooser
      .choose(app(http(true)))
      ?.prepare(message)
      .then(() => {
        granted = true;
      });
    await chooser.choose(app(http(false), 'app-2'))?.prepare(message);
    await new Promise(setImmediate);
    expect(granted).toBe(false);
    held?.release();
    await new Promise(setImmediate);
    expect(granted).toBe(true);
  });
});
