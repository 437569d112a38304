import type { Provider } from '../../channels/provider/descriptor.js';
import type { HttpCall } from '../../http-client/http-sender.js';
import type { Answered, ProviderPost } from '../worlds/provider-world.js';

/** What a person wrote. */
export interface Said {
  /** The provider's id. */
  readonly id: string;
  /** A phone number, digits alone. */
  readonly identity: string;
  readonly text: string;
}

/** What a provider says of a message of ours. */
export interface Reported {
  readonly ours: string;
  readonly status: 'DELIVERED';
}

/** What one request tells. */
export interface Told {
  readonly said?: readonly Said[];
  readonly reported?: readonly Reported[];
}

export interface Signing {
  readonly secret: string;
  readonly nowMs: number;
  /** The URL without a query, as the provider knows it. */
  readonly url: string;
}

/** One provider under test: how it writes and signs what it tells. */
export interface ProviderUnderTest {
  readonly provider: Provider;
  /** A PATCH with everything that a new app needs, and nothing else. */
  readonly settings: Readonly<Record<string, string>>;
  /** The field of the secret that requests are signed with, and that of the one before. */
  readonly signedWith: string;
  readonly signedBefore: string;
  /** Every field of the settings that holds a secret. */
  readonly secrets: readonly string[];
  /** Seconds that a signature counts; null where it has no time. */
  readonly signatureLasts: number | null;
  /** Whether one request may tell several things. */
  readonly tellsSeveral: boolean;
  write(told: Told, signing: Signing): ProviderPost;
  /** Signed, but not as the provider documents it: no message can be read from it. */
  writeNonsense(signing: Signing): ProviderPost;
  /** What its API answers to a hand-over, which it takes; and to whatever comes before one. */
  api(call: HttpCall): Answered;
  /** Queries of a GET: one that is right, what it wants to see again, and one that anybody could make. */
  readonly challenge?: { readonly right: string; readonly echo: string; readonly wrong: string };
}
