import type { Direction, ListType, Mode } from './lists.js';
import type { SettingsOf } from './schemas/provider-settings.js';

/** Languages that have default keywords and replies. */
export const LANGUAGES = ['EN', 'ES', 'PT'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Named sets of default keywords; see keyword-table.ts. */
export const KEYWORD_SETS = ['SINCH', 'US'] as const;
export type KeywordSet = (typeof KEYWORD_SETS)[number];

/** Own words of an app for one cell of the keyword table. */
export interface KeywordCell {
  readonly language: Language;
  readonly listType: ListType;
  readonly direction: Direction;
  readonly words: readonly string[];
  /** True: the defaults of this cell no longer apply. */
  readonly replaceDefaults: boolean;
}

/** Own reply text of an app for one cell; an empty text means no reply. */
export interface ReplyCell {
  readonly language: Language;
  readonly listType: ListType;
  readonly direction: Direction;
  readonly text: string;
}

/** What an app makes of a call for help in one language; it never moves a list. */
export interface HelpCell {
  readonly language: Language;
  readonly words: readonly string[];
  /** True: the HELP words of the sets no longer apply in this language. */
  readonly replaceDefaults: boolean;
  /** Text of the reply. Without it the language's default is sent; where it is empty, nothing is. */
  readonly text?: string;
}

/**
 * What is made of a text that asks to stop in a sentence. `flag`: it is told of. `hold`: marketing to the person waits as well,
 * until somebody decides or 72 h are over. `obey`: it counts like a keyword.
 */
export const SUSPECTED_STOPS = ['flag', 'hold', 'obey'] as const;
export type SuspectedStops = (typeof SUSPECTED_STOPS)[number];

/** How an app reads inbound texts and enforces the lists. */
export interface ConsentSettings {
  readonly enabled: boolean;
  readonly mode: Mode;
  readonly languages: readonly Language[];
  readonly keywordSets: readonly KeywordSet[];
  readonly keywords: readonly KeywordCell[];
  readonly replies: readonly ReplyCell[];
  /** Settings from before there was a HELP lack this, which means that the app has no words of its own for it. */
  readonly help?: readonly HelpCell[];
  readonly autoReply: boolean;
  readonly startClearsAll: boolean;
  readonly callbackOnBlock: boolean;
  readonly callbackOnApi: boolean;
  readonly accentFolding: boolean;
  /** Settings from before sentences were read lack this, which means `flag`. */
  readonly suspectedStops?: SuspectedStops;
}

/** A new app blocks from its first STOP on. */
export const DEFAULT_CONSENT_SETTINGS: ConsentSettings = {
  enabled: true,
  mode: 'PRIMARY',
  languages: LANGUAGES,
  keywordSets: ['SINCH'],
  keywords: [],
  replies: [],
  autoReply: true,
  startClearsAll: false,
  callbackOnBlock: true,
  callbackOnApi: false,
  accentFolding: false,
};

/** Says how messages of an app leave. Secrets are sealed (see ledger/keys/root-key.ts). */
export type ChannelSettings =
  | { readonly type: 'simulator' }
  | {
      readonly type: 'http';
      readonly url: string;
      readonly sealedSecret: string;
      /** True: the gateway honours the idempotency key, so an unknown outcome may be repeated. */
      readonly idempotent: boolean;
    }
  | SettingsOf;

/** Retry policy of one endpoint; `delays` in seconds replaces the profile's own. */
export interface DeliverySettings {
  readonly profile: 'durable' | 'sinch';
  readonly delays?: readonly number[];
  /** Seconds that the whole exchange may take, 1–30. */
  readonly timeoutS: number;
}

export const DEFAULT_DELIVERY_SETTINGS: DeliverySettings = { profile: 'durable', timeoutS: 15 };

/** OAuth2 client credentials that a receiver asks for; the secret is sealed. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly sealedClientSecret: string;
  readonly endpoint: string;
  readonly scope?: string;
  readonly responseType?: string;
  readonly tokenRequestType: 'BASIC' | 'FORM';
}

/** A registered webhook. `target` is a URL of at most 742 characters. */
export interface Endpoint {
  readonly id: string;
  readonly target: string;
  readonly targetType: 'HTTP' | 'DISMISS';
  /** Null when callbacks are not signed. */
  readonly sealedSecret: string | null;
  readonly triggers: readonly string[];
  readonly clientCredentials: ClientCredentials | null;
  readonly delivery: DeliverySettings;
  /** Set while no request may be made: `gone` after a 410, `owner` by API. */
  readonly disabled: { readonly reason: 'gone' | 'owner' } | null;
}

/** Everything that is configured about one app: the payload of every event in its stream. */
export interface AppState {
  readonly projectId: string;
  readonly appId: string;
  readonly deleted: boolean;
  readonly displayName: string;
  /** DISPATCH has no contacts or conversations; the two ids are empty strings in callbacks. */
  readonly processingMode: 'DISPATCH' | 'CONVERSATION';
  /** The remaining wire fields of an App as given, credentials' secrets sealed. */
  readonly profile: Readonly<Record<string, unknown>>;
  readonly consent: ConsentSettings;
  readonly channel: ChannelSettings;
  readonly endpoints: readonly Endpoint[];
  /** Sealed `callback_settings.secret_for_overridden_callback_urls`. */
  readonly sealedOverrideSecret: string | null;
}
