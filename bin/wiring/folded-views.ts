import { openViews, type Views } from '../../projections/views.js';
import type { Config } from '../config.js';
import type { OpenLedger } from './open-ledger.js';

/** The views of this process, kept up with the ledger. */
export interface FoldedViews {
  readonly views: Views;
  /** Resolves when the views have folded all that stood in the ledger at the start. */
  readonly folded: Promise<void>;
  /** Rejects when the views can fold no further; they then stand still. */
  readonly folding: Promise<void>;
  /** Before the ledger's own end. */
  close(): Promise<void>;
}

interface FoldDeps {
  readonly config: Pick<Config, 'viewsFile'>;
  readonly ledger: OpenLedger;
  readonly say: (line: string) => void;
}

/** Opens the views, folded anew where they are another ledger's, and follows the ledger from then on. */
export async function foldViews({ config, ledger, say }: FoldDeps): Promise<FoldedViews> {
  const views = await openViews({
    file: config.viewsFile,
    ledger,
    onRebuild: (position) => {
      say(`Views: folding the ledger anew, at ${String(position)} of ${String(ledger.headPosition())}`);
    },
  });
  const stop = new AbortController();
  const folding = views.run(stop.signal);
  return {
    ...{ views, folding },
    folded: Promise.race([views.passed(ledger.headPosition(), 3_600_000), folding]),
    close: async () => {
      stop.abort();
      await folding.catch(() => undefined);
      views.close();
    },
  };
}
