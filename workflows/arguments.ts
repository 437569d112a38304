import type { CallbackResult } from '../activities/callbacks/callback-types.js';
import type { MessageResult } from '../activities/messages/hand-over-types.js';
import type { OwedCallback, OwedMessage } from '../domain/owed.js';

/** What a batch workflow is started with. */
export interface BatchArguments<Item> {
  readonly ledgerId: string;
  readonly items: readonly Item[];
  /** True when the namespace knows our search attributes. */
  readonly searchAttributes: boolean;
}

/** What a single-item workflow is started with. */
interface ItemArguments<Item, Result> {
  readonly item: Item;
  readonly searchAttributes: boolean;
  /** What became of the first try in a batch; null where nobody tried, so that the workflow looks for itself. */
  readonly known: Result | null;
}
export type MessageArguments = ItemArguments<OwedMessage, MessageResult>;
/** `now` in ms since the epoch is the moment from which the result's times count. */
export type CallbackArguments = ItemArguments<
  OwedCallback,
  { readonly now: number; readonly result: CallbackResult }
>;
