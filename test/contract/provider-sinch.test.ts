import { createSigner } from '../../channels/signer.js';
import { sinch } from '../../channels/sinch/sinch-provider.js';
import { describeProvider } from './provider.contract.js';
import type { Signing, Told } from './provider-support.js';

const settings = {
  type: 'sinch',
  sinch_project_id: 'sinch-project',
  sinch_app_id: '01SINCHAPP',
  region: 'eu',
  key_id: 'key-1',
  key_secret: 'the key secret',
  inbound_secret: 'the inbound secret',
};

function signed(content: object, { secret, nowMs }: Signing) {
  const body = JSON.stringify({ app_id: '01SINCHAPP', project_id: 'sinch-project', ...content });
  const headers = createSigner(secret).sign({ id: 'x', body: Buffer.from(body), nonce: 'n', nowMs });
  return { headers: { 'content-type': 'application/json', ...headers }, body };
}

function contentOf({ said = [], reported = [] }: Told): object {
  const [one] = said;
  const [report] = reported;
  if (report !== undefined) {
    const { ours, status } = report;
    return { message_delivery_report: { message_id: '01SINCHMESSAGE', status, metadata: ours } };
  }
  return {
    message: {
      ...{ id: one?.id, contact_message: { text_message: { text: one?.text } }, sender_id: '12025550100' },
      channel_identity: { channel: 'SMS', identity: one?.identity, app_id: '' },
    },
  };
}

describeProvider({
  ...{ provider: sinch, settings, secrets: ['key_secret', 'inbound_secret', 'previous_inbound_secret'] },
  ...{ signedWith: 'inbound_secret', signedBefore: 'previous_inbound_secret' },
  ...{ signatureLasts: 300, tellsSeveral: false },
  write: (told, signing) => signed(contentOf(told), signing),
  writeNonsense: (signing) => signed({ message: {} }, signing),
  api: ({ url }) => ({
    status: 200,
    body: JSON.stringify(
      url.endsWith('/oauth2/token')
        ? { access_token: 'token', expires_in: 3600 }
        : { message_id: '01SINCHMESSAGE' },
    ),
  }),
});
