import { z } from 'zod';
import { LIST_TYPES, MODES } from '../../../domain/lists.js';
import { KEYWORD_SETS, LANGUAGES, SUSPECTED_STOPS, type ConsentSettings } from '../../../domain/settings.js';
import { normaliseText } from '../../../domain/consent/text-forms.js';

const MOST_WORDS = 20;
const LONGEST_WORD = 64;
const LONGEST_REPLY = 1_600;
/** Languages × lists × directions. */
const CELLS = LANGUAGES.length * LIST_TYPES.length * 2;

const cell = {
  language: z.enum(LANGUAGES),
  list_type: z.enum(LIST_TYPES),
  direction: z.enum(['OPT_OUT', 'OPT_IN']),
};

const word = z
  .string()
  .max(4 * LONGEST_WORD)
  .refine(
    (text) => {
      const { length } = normaliseText(text, { accentFolding: false });
      return length >= 1 && length <= LONGEST_WORD;
    },
    { error: `expected 1 to ${String(LONGEST_WORD)} characters besides outer white space` },
  );

const keywordCell = z.strictObject({
  ...cell,
  words: z.array(word).max(MOST_WORDS),
  replace_defaults: z
    .boolean()
    .default(false)
    .describe('true: the default words of this cell no longer count'),
});
const replyCell = z.strictObject({
  ...cell,
  text: z.string().max(LONGEST_REPLY).describe('an empty text: no reply'),
});

const helpCell = z.strictObject({
  language: z.enum(LANGUAGES),
  words: z.array(word).max(MOST_WORDS).default([]),
  replace_defaults: z
    .boolean()
    .default(false)
    .describe("true: the sets' words for help no longer count in this language"),
  text: z
    .string()
    .max(LONGEST_REPLY)
    .optional()
    .describe('the answer; absent: the default of the language, an empty text: no reply'),
});

interface Cell {
  readonly language: string;
  readonly list_type?: string;
  readonly direction?: string;
}
const eachOnce = (cells: readonly Cell[]): boolean =>
  new Set(cells.map((one) => [one.language, one.list_type, one.direction].join(' '))).size === cells.length;
const ONCE = { error: 'expected each language, list and direction at most once' };
const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

const fields = {
  enabled: z.boolean(),
  mode: z.enum(MODES),
  languages: z.array(z.enum(LANGUAGES)).min(1).refine(unique, { error: 'expected each language once' }),
  keyword_sets: z
    .array(z.enum(KEYWORD_SETS))
    .refine(unique, { error: 'expected each set once' })
    .describe(
      'SINCH: the words of the Conversation API, compared as written. US: stop, quit, end, revoke, opt out, cancel, ' +
        'unsubscribe, stopall, optout, opt-out, unstop, help, info, compared without punctuation and spaces',
    ),
  keywords: z.array(keywordCell).max(CELLS).refine(eachOnce, ONCE),
  replies: z.array(replyCell).max(CELLS).refine(eachOnce, ONCE),
  help: z
    .array(helpCell)
    .max(LANGUAGES.length)
    .refine(eachOnce, { error: 'expected each language at most once' })
    .describe('what is made of a call for help; it never changes a list'),
  auto_reply: z.boolean(),
  start_clears_all: z.boolean().describe('START takes a contact off all three lists'),
  callback_on_block: z
    .boolean()
    .describe('an OPT_OUT callback for each blocked message; no effect in SECONDARY'),
  callback_on_api: z.boolean().describe('OPT_IN and OPT_OUT callbacks for changes by API'),
  accent_folding: z.boolean().describe('texts and words are compared without accents: NOTIFICACION'),
  suspected_stops: z
    .enum(SUSPECTED_STOPS)
    .describe(
      'what is made of a text that asks to stop in a sentence. flag: it is told of and listed. hold: marketing to ' +
        'the person waits as well, until somebody decides, at most 72 hours. obey: it counts like a keyword',
    ),
};
const revision = z
  .number()
  .int()
  .min(0)
  .describe('revision of the app; given back in a PATCH it guards against lost updates');

/** Answer of both methods. */
export const consentSettings = z.object({ ...fields, revision });
export type ConsentSettingsWire = z.infer<typeof consentSettings>;

/** Body of the PATCH: keys that are present replace theirs, arrays whole. */
export const consentSettingsPatch = z.strictObject({ ...fields, revision }).partial();

/** The wire's names for what the domain has. */
export function toWire(consent: ConsentSettings, at: number): ConsentSettingsWire {
  return {
    enabled: consent.enabled,
    mode: consent.mode,
    languages: [...consent.languages],
    keyword_sets: [...consent.keywordSets],
    keywords: consent.keywords.map(({ listType, replaceDefaults, words, ...rest }) => ({
      ...rest,
      list_type: listType,
      words: [...words],
      replace_defaults: replaceDefaults,
    })),
    replies: consent.replies.map(({ listType, ...rest }) => ({ ...rest, list_type: listType })),
    help: (consent.help ?? []).map(({ replaceDefaults, words, ...rest }) => ({
      ...rest,
      words: [...words],
      replace_defaults: replaceDefaults,
    })),
    auto_reply: consent.autoReply,
    start_clears_all: consent.startClearsAll,
    callback_on_block: consent.callbackOnBlock,
    callback_on_api: consent.callbackOnApi,
    accent_folding: consent.accentFolding,
    suspected_stops: consent.suspectedStops ?? 'flag',
    revision: at,
  };
}

/** The domain's names for what the wire has. */
export function fromWire(wire: Omit<ConsentSettingsWire, 'revision'>): ConsentSettings {
  return {
    enabled: wire.enabled,
    mode: wire.mode,
    languages: wire.languages,
    keywordSets: wire.keyword_sets,
    keywords: wire.keywords.map(({ list_type: listType, replace_defaults: replaceDefaults, ...rest }) => ({
      ...rest,
      listType,
      replaceDefaults,
    })),
    replies: wire.replies.map(({ list_type: listType, ...rest }) => ({ ...rest, listType })),
    help: wire.help.map(({ language, words, replace_defaults: replaceDefaults, text }) => ({
      ...{ language, words, replaceDefaults },
      ...(text === undefined ? {} : { text }),
    })),
    autoReply: wire.auto_reply,
    startClearsAll: wire.start_clears_all,
    callbackOnBlock: wire.callback_on_block,
    callbackOnApi: wire.callback_on_api,
    accentFolding: wire.accent_folding,
    suspectedStops: wire.suspected_stops,
  };
}
