import { describe, expect, it } from 'vitest';
import { readTwilioAddress, writeTwilioAddress } from '../../../../channels/twilio/twilio-addresses.js';

describe('addresses of Twilio', () => {
  it.each([
    ['+12025550101', 'SMS', '+12025550101'],
    ['whatsapp:+12025550101', 'WHATSAPP', '+12025550101'],
    ['rcs:+12025550101', 'RCS', '+12025550101'],
    ['messenger:1234567890', 'MESSENGER', '1234567890'],
    ['12345', 'SMS', '12345'],
    ['MyBank', 'SMS', 'MyBank'],
    ['wechat:abc', 'SMS', 'wechat:abc'],
    ['', 'SMS', ''],
  ])('%s comes from %s %s', (text, channel, address) => {
    expect(readTwilioAddress(text)).toEqual({ channel, address });
  });

  it.each([
    ['SMS', '12025550101', '+12025550101'],
    ['SMS', '+12025550101', '+12025550101'],
    ['MMS', '12025550101', '+12025550101'],
    ['WHATSAPP', '12025550101', 'whatsapp:+12025550101'],
    ['WHATSAPP', 'whatsapp:+12025550101', 'whatsapp:+12025550101'],
    ['RCS', '12025550101', 'rcs:+12025550101'],
    ['RCS', 'brand_agent', 'rcs:brand_agent'],
    ['MESSENGER', '1234567890', 'messenger:1234567890'],
    ['SMS', '12345', '12345'],
    ['SMS', 'MyBank', 'MyBank'],
  ])('%s %s is written %s', (channel, address, written) => {
    expect(writeTwilioAddress({ channel, address })).toBe(written);
  });

  it.each(['TELEGRAM', 'VIBERBM', 'toString'])('has no way of writing one of %s', (channel) => {
    expect(writeTwilioAddress({ channel, address: '12025550101' })).toBeUndefined();
  });
});
