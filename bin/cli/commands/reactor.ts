import { InvalidArgumentError, type Command } from 'commander';
import { REACTOR_CURSORS } from '../../../ledger/commands/create-ledger.js';
import type { Config } from '../../config.js';
import { openLedger } from '../../wiring/open-ledger.js';
import { systemClock } from '../../machine/system-clock.js';
import { examples, type CliContext } from '../context.js';
import { fields } from '../table.js';

function positionOrEnd(text: string): 'end' | bigint {
  if (text === 'end') return 'end';
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('Expected `end` or a position of the ledger.');
  return BigInt(text);
}

export function addReactor(program: Command, { out, config }: CliContext): void {
  const reactor = program.command('reactor').description('what hands owed work to Temporal');
  reactor
    .command('set')
    .description('say from where the reactor hands over; the instance has to be stopped')
    .requiredOption(
      '--at <position>',
      '`end`, or a position: what is owed after it is handed over',
      positionOrEnd,
    )
    .addHelpText('after', examples('optledger reactor set --at end', 'optledger reactor set --at 4711'))
    .action(async ({ at }: { at: 'end' | bigint }) => {
      const set = await setReactor(config(), at, (line) => {
        out.say(line);
      });
      out.result(set, () => fields(set));
    });
}

/**
 * Puts the cursors of both lanes at one position and drops their stored batches. Nothing is lost by it: what is still
 * owed and overdue is found by the sweep.
 * @throws LedgerLocked while an instance runs; RangeError for a position that the ledger does not have yet
 */
async function setReactor(
  config: Config,
  at: 'end' | bigint,
  say: (line: string) => void,
): Promise<{ readonly after: string }> {
  const ledger = await openLedger({ config, clock: systemClock, say });
  try {
    const head = ledger.headPosition();
    if (at !== 'end' && at > head) throw new RangeError(`the ledger ends at position ${String(head)}`);
    const after = String(at === 'end' ? head : at);
    for (const name of REACTOR_CURSORS) {
      const kept = await ledger.cursors.load(name);
      await ledger.cursors.save(name, { after, batch: null }, kept?.version ?? 'none');
    }
    return { after };
  } finally {
    await ledger.close();
  }
}
