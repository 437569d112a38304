/** Something that must not be found where it does not belong. */
export interface Mark {
  readonly text: string;
  /** Whether the ledger keeps it as it is, in its personal part. Secrets it does not. */
  readonly kept: boolean;
}

/** Where to look: bytes by the name of the place. */
export type Places = ReadonlyMap<string, Buffer>;

/** Every place, form and mark that was found, e.g. `a log: "46700" as base64`. */
export function findMarks(marks: readonly Mark[], places: Places): string[] {
  const forms = marks.flatMap(({ text }) =>
    [...formsOf(text)].map(([form, bytes]) => ({ text, form, bytes })),
  );
  return [...places].flatMap(([place, haystack]) =>
    forms
      .filter(({ bytes }) => haystack.includes(bytes))
      .map(({ text, form }) => `${place}: ${JSON.stringify(text)} as ${form}`),
  );
}

/** How a text may stand somewhere without being seen at once; each different form once. */
function formsOf(text: string): Map<string, Buffer> {
  const plain = Buffer.from(text);
  const ascii = (value: string): Buffer => Buffer.from(value, 'latin1');
  const forms: (readonly [string, Buffer])[] = [
    ['UTF-8', plain],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['lower case', Buffer.from(text.toLowerCase())],
    ['hex', ascii(plain.toString('hex'))],
    ['JSON escapes', ascii(jsonEscaped(text))],
    ['percent-encoding', ascii(encodeURIComponent(text))],
    ['form encoding', ascii(String(new URLSearchParams([['', text]])).slice(1))],
    ...[0, 1, 2].flatMap((before) => {
      const inside = insideBase64(plain, before);
      return [
        [`base64, ${String(before)} bytes on`, ascii(inside)] as const,
        [`base64url, ${String(before)} bytes on`, ascii(urlAlphabet(inside))] as const,
      ];
    }),
  ];
  return new Map(forms.filter(([, bytes], n) => forms.findIndex(([, other]) => other.equals(bytes)) === n));
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The characters that depend on these bytes alone, when so many bytes stand before them in the encoded whole. */
function insideBase64(bytes: Buffer, before: number): string {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]);
  const from = Math.ceil((before * 8) / 6);
  const to = Math.floor((whole.length * 8) / 6);
  return whole.toString('base64').slice(from, to);
}

const urlAlphabet = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');
