import type { Received } from '../stand-ins/scripted-server.js';
import type { VerifierCase } from './verifiers.js';

/** What a verifier has to say of a request. */
export interface SignatureCase extends VerifierCase {
  readonly name: string;
  readonly ours: boolean;
}

type Request = Pick<Received, 'headers' | 'body'>;
const SINCH = 'x-sinch-webhook-signature';
const OTHER = 'whsec_b3RoZXIgc2VjcmV0IG9mIG1pbmU=';

/** One signed request as it is, and altered in one thing at a time, for both schemes. */
export function signatureCases(secret: string, { headers, body }: Request): readonly SignatureCase[] {
  return [
    ...ofScheme('sinch', secret, { headers, body }),
    ...ofScheme('standard', secret, { headers, body }),
  ];
}

function ofScheme(scheme: 'sinch' | 'standard', secret: string, { headers, body }: Request): SignatureCase[] {
  const names =
    scheme === 'sinch'
      ? { signature: SINCH, time: `${SINCH}-timestamp`, more: [`${SINCH}-nonce`, `${SINCH}-algorithm`] }
      : { signature: 'webhook-signature', time: 'webhook-timestamp', more: ['webhook-id'] };
  const signature = headers[names.signature] ?? '';
  const now = Number(headers[names.time]);
  const make = (name: string, ours: boolean, change: Partial<VerifierCase>): SignatureCase => ({
    ...{ name: `${scheme}: ${name}`, ours, scheme, secrets: [secret], headers, body, now },
    ...change,
  });
  const withHeader = (name: string, ours: boolean, key: string, value: string): SignatureCase =>
    make(name, ours, { headers: { ...headers, [key]: value } });
  const without = (key: string): SignatureCase => {
    const { [key]: _, ...rest } = headers;
    return make(`no ${key}`, false, { headers: rest });
  };
  const flipped = (text: string): string => {
    const at = text.length - 10;
    return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  };
  return [
    make('as it came', true, {}),
    make('with a secret before', true, { secrets: [OTHER, secret] }),
    make('with a secret behind', true, { secrets: [secret, OTHER] }),
    make('another secret', false, { secrets: [OTHER] }),
    make('no secret', false, { secrets: [] }),
    make('an empty secret', false, { secrets: [''] }),
    make('a byte more', false, { body: `${body} ` }),
    make('no body', false, { body: '' }),
    ...[300, -300].map((s) => make(`${String(s)} s off`, true, { now: now + s })),
    ...[301, -301, 86_400].map((s) => make(`${String(s)} s off`, false, { now: now + s })),
    ...[names.signature, names.time, ...names.more].map(without),
    ...['', 'soon', `${String(now)}.0`, '9'.repeat(30)].map((value) =>
      withHeader(`time ${JSON.stringify(value)}`, false, names.time, value),
    ),
    withHeader('a time that was not signed', false, names.time, String(now + 1)),
    withHeader('a signature with another letter', false, names.signature, flipped(signature)),
    withHeader('half a signature', false, names.signature, signature.slice(0, 24)),
    ...names.more.map((key) => withHeader(`another ${key}`, false, key, 'other')),
    ...(scheme === 'sinch'
      ? []
      : [
          withHeader('a second signature before', true, names.signature, `v1,AAAA ${signature}`),
          withHeader('a second signature behind', true, names.signature, `${signature} v1a,AAAA`),
          withHeader(
            'a signature of another version',
            false,
            names.signature,
            signature.replace('v1,', 'v2,'),
          ),
          withHeader('a signature without its version', false, names.signature, signature.slice(3)),
        ]),
  ];
}
