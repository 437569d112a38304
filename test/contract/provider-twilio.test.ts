import { twilio } from '../../channels/twilio/twilio-provider.js';
import { twilioFixture, twilioSignature } from '../support/twilio/twilio-signing.js';
import { describeProvider } from './provider.contract.js';
import type { Signing, Told } from './provider-support.js';

const SID = 'SM00000000000000000000000000000005';
const settings = {
  type: 'twilio',
  account_sid: 'AC00000000000000000000000000000001',
  auth_token: 'the auth token',
};

function signed(content: Readonly<Record<string, string>>, { secret, url }: Signing, query = '') {
  const form = new URLSearchParams(content);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': twilioSignature(secret, url + query, form),
  };
  return { headers, body: form.toString(), query };
}

function write({ said = [], reported = [] }: Told, signing: Signing) {
  const [one] = said;
  const [report] = reported;
  if (report !== undefined) {
    const status = { MessageSid: SID, MessageStatus: report.status.toLowerCase() };
    return signed(status, signing, `?message_id=${report.ours}`);
  }
  const from = { MessageSid: one?.id ?? '', From: `+${one?.identity ?? ''}`, To: '+12025550100' };
  return signed({ ...from, Body: one?.text ?? '' }, signing);
}

describeProvider({
  ...{ provider: twilio, settings, secrets: ['auth_token', 'previous_auth_token', 'api_key_secret'] },
  ...{ signedWith: 'auth_token', signedBefore: 'previous_auth_token' },
  ...{ signatureLasts: null, tellsSeveral: false, write },
  writeNonsense: (signing) => signed({ From: '+12025550101', Body: 'STOP' }, signing),
  api: () => ({ status: 201, body: JSON.stringify(twilioFixture('message')) }),
});
