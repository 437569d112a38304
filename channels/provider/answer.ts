import { z } from 'zod';

/** What became of all that a request told: `repeated` was known before, `ignored` is none of ours. */
export type ProviderResult = 'recorded' | 'repeated' | 'ignored';

/** How a provider wants to hear that the ledger has what it told. */
export interface ProviderAnswer {
  /** The body, for the API reference. */
  readonly schema: z.ZodType;
  /** Media types of the answers, for the API reference; only JSON where it is absent. */
  readonly produces?: readonly string[];
  readonly contentType: string;
  /** An object is written as JSON. */
  write(result: ProviderResult): string | object;
}

/** For providers that look at nothing but the status: a person who reads their log sees what became of it. */
export const JSON_ANSWER: ProviderAnswer = {
  schema: z.object({ result: z.enum(['recorded', 'repeated', 'ignored']) }),
  contentType: 'application/json; charset=utf-8',
  write: (result) => ({ result }),
};
