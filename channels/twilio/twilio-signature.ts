import { createHmac, timingSafeEqual } from 'node:crypto';

/** Names and values of a form in the order in which they came; a name may come again. */
export type FormPairs = readonly (readonly [name: string, value: string])[];

/** One request as Twilio made it. */
export interface SignedForm {
  /** The whole URL that was called, query included, as it was configured at Twilio. */
  readonly url: string;
  readonly params: FormPairs;
}

const URL_PARTS = /^(?<scheme>https?):\/\/(?<user>[^/?#]*@)?(?<host>\[[^\]]*\]|[^/?#:]*)(?::(?<port>\d*))?/iu;

/**
 * `X-Twilio-Signature` (Twilio docs, "Validating requests"): HMAC-SHA1 in base64, under the account's auth token,
 * of the URL followed by each parameter's name and value, sorted by name. Where a name came more than once, its
 * different values follow each other in their order, as Twilio's own libraries do it.
 */
export function signTwilioRequest(authToken: string, { url, params }: SignedForm): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of params) values.set(name, (values.get(name) ?? new Set()).add(value));
  const names = [...values.keys()].sort();
  const text = names.flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => name + value));
  return createHmac('sha1', authToken)
    .update(url + text.join(''), 'utf8')
    .digest('base64');
}

/**
 * True when one of the tokens signed the request. The port counts both ways, written out and left out: Twilio
 * signs URLs sometimes with and sometimes without it. Takes the same time whatever is wrong.
 * @param signature the header as it came; undefined or of another length is never right
 */
export function isSignedByTwilio(
  authTokens: readonly string[],
  request: SignedForm,
  signature: string | undefined,
): boolean {
  const given = Buffer.from(signature ?? '', 'utf8');
  let right = false;
  for (const authToken of authTokens) {
    for (const url of spellingsOf(request.url)) {
      const expected = Buffer.from(signTwilioRequest(authToken, { url, params: request.params }), 'utf8');
      const same = given.length === expected.length && timingSafeEqual(given, expected);
      right = same || right;
    }
  }
  return right;
}

function spellingsOf(url: string): readonly string[] {
  const parts = URL_PARTS.exec(url);
  if (parts?.groups === undefined) return [url];
  const { scheme = '', user = '', host = '', port = '' } = parts.groups;
  const rest = url.slice(parts[0].length);
  const standard = scheme.toLowerCase() === 'https' ? '443' : '80';
  const before = `${scheme}://${user}${host}`;
  return rawFormsOf(rest).flatMap((form) => [
    `${before}${form}`,
    `${before}:${port === '' ? standard : port}${form}`,
  ]);
}

/** Characters that stand in a URL as it was configured, and that Twilio escapes when it calls it. */
const ESCAPED_ON_CALL = ["'", '@', ':'] as const;
/** Every other character that a URL may have unescaped; they come together or not at all. */
const SELDOM_ESCAPED = /%(?:21|24|28|29|2A|2C|2F|3B|3F|5B|5D|7B|7C|7D|22|20)/giu;

/** Gives a URL as it was called, and as it may have been signed: Twilio signs what was configured, escaped or not. */
function rawFormsOf(called: string): readonly string[] {
  const forms = new Set([called, called.replace(SELDOM_ESCAPED, decodeURIComponent)]);
  for (const char of ESCAPED_ON_CALL) {
    const escaped = `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
    for (const form of [...forms]) {
      forms.add(form.replaceAll(escaped, char).replaceAll(escaped.toLowerCase(), char));
    }
  }
  return [...forms];
}
