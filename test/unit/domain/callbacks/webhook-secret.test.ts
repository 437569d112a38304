import { describe, expect, it } from 'vitest';
import { makesKey } from '../../../../domain/callbacks/webhook-secret.js';

describe('a signing secret', () => {
  it.each([
    '',
    'x',
    'of the gateway',
    'whsec',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_AA',
    'whsec_AAE=',
    'whsec_-_8',
  ])('%j makes a key, or is none of Standard Webhooks', (secret) => {
    expect(makesKey(secret)).toBe(true);
  });

  it.each([
    'whsec_',
    'whsec_=',
    'whsec_==',
    'whsec_!!!!',
    'whsec_ ',
    'whsec_A',
    'whsec_AAAA\n',
    'whsec_AA AA',
    'whsec_v1,whsec_AAAA',
  ])('%j makes none', (secret) => {
    expect(makesKey(secret)).toBe(false);
  });
});
