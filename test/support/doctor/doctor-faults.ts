import { chmodSync, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { acceptMessage, type SendCommand } from '../../../ledger/commands/accept-message.js';
import { createProject } from '../../../ledger/commands/access-keys.js';
import { openRootKey } from '../../../ledger/keys/root-key.js';
import { openSqliteLedger } from '../../../ledger/sqlite/sqlite-ledger.js';
import { runCli } from '../cli/cli.js';
import { execute } from '../../worlds/doctor-world.js';

export interface PlantedWorld {
  /** Data folders of two other ledgers. */
  readonly otherDir: string;
  readonly anotherDir: string;
  /** host:port of a Temporal server that runs. */
  readonly temporal: string;
}

type Settings = Readonly<Record<string, string>>;

export interface Planted {
  readonly name: string;
  /** Spoils a copy of the healthy folder. @returns settings to look at it with */
  readonly plant: (dataDir: string, world: PlantedWorld) => Settings | Promise<Settings>;
  readonly check: string;
  readonly level?: 'warning';
  readonly text: RegExp;
  readonly remedy: RegExp;
}
/** Spoils only; the settings stay. */
function did(spoil: () => void): Settings {
  spoil();
  return {};
}

const file = (dir: string, name: string): string => join(dir, name);
const clockAt = (at: number) => ({ now: () => at });
const openLedger = (dir: string) =>
  openSqliteLedger({ file: file(dir, 'ledger.db'), lockFile: file(dir, 'ledger.lock') });
const actor = { type: 'system' } as const;

/** Faults that show on the folder of a stopped instance. */
export const PLANTED: readonly Planted[] = [
  {
    name: 'a setting that cannot be used',
    plant: () => ({ PORT: 'eighty' }),
    ...{ check: 'configuration', text: /^PORT: expected a port/, remedy: /\.env\.example/ },
  },
  {
    name: 'DATA_DIR is a file',
    plant: (dir) => ({ DATA_DIR: file(dir, 'demo.json') }),
    ...{ check: 'data-dir', text: /not a folder/, remedy: /set DATA_DIR/ },
  },
  {
    name: 'everybody can read root.key',
    plant: (dir) =>
      did(() => {
        chmodSync(file(dir, 'root.key'), 0o644);
      }),
    ...{ check: 'file-mode', text: /root\.key \(mode 0644\)/, remedy: /chmod 600 .*root\.key/ },
  },
  {
    name: 'everybody can read demo.json',
    plant: (dir) =>
      did(() => {
        chmodSync(file(dir, 'demo.json'), 0o604);
      }),
    ...{ check: 'file-mode', text: /demo\.json/, remedy: /chmod 600 .*demo\.json/ },
  },
  {
    name: 'HOST is of another machine',
    plant: () => ({ HOST: '192.0.2.1', PUBLIC_URL: 'https://consent.example.com' }),
    ...{ check: 'port', text: /no address of this machine/, remedy: /set HOST/ },
  },
  {
    name: 'HOST beyond loopback without PUBLIC_URL',
    plant: () => ({ HOST: '0.0.0.0' }),
    ...{ check: 'host', level: 'warning', text: /PUBLIC_URL is not set/, remedy: /set PUBLIC_URL/ },
  },
  {
    name: 'PUBLIC_URL is no address of the web',
    plant: () => ({ PUBLIC_URL: 'ftp://consent.example.com' }),
    ...{ check: 'configuration', text: /^PUBLIC_URL: expected a URL/, remedy: /\.env\.example/ },
  },
  {
    name: 'nobody at TEMPORAL_ADDRESS',
    plant: () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }),
    ...{ check: 'temporal', text: /no Temporal server answers/, remedy: /correct TEMPORAL_ADDRESS/ },
  },
  {
    name: 'no such namespace',
    plant: (_, { temporal }) => ({ TEMPORAL_ADDRESS: temporal, TEMPORAL_NAMESPACE: 'nowhere' }),
    ...{ check: 'temporal', text: /no namespace nowhere/, remedy: /namespace create .* -n nowhere/ },
  },
  {
    name: 'TEMPORAL_EXECUTABLE does not run',
    plant: (dir) => ({ TEMPORAL_EXECUTABLE: file(dir, 'ledger.db') }),
    ...{ check: 'temporal', text: /does not run/, remedy: /unset it/ },
  },
  {
    name: 'root.key is gone',
    plant: (dir) =>
      did(() => {
        rmSync(file(dir, 'root.key'));
      }),
    ...{ check: 'root-key', text: /no root key at/, remedy: /put back the root\.key/ },
  },
  {
    name: "root.key is another ledger's",
    plant: (dir, { otherDir }) =>
      did(() => {
        copyFileSync(file(otherDir, 'root.key'), file(dir, 'root.key'));
      }),
    ...{
      check: 'root-key',
      text: /not the one that this ledger was made with/,
      remedy: /put back the root\.key/,
    },
  },
  {
    name: 'ROOT_KEY_FILE is not there',
    plant: (dir) => ({ ROOT_KEY_FILE: file(dir, 'nowhere') }),
    ...{ check: 'root-key', text: /no root key at .*nowhere/, remedy: /ROOT_KEY_FILE/ },
  },
  {
    name: 'ledger.db is something else',
    plant: (dir) =>
      did(() => {
        writeFileSync(file(dir, 'ledger.db'), 'x'.repeat(5_000));
      }),
    ...{ check: 'ledger', text: /cannot be read/, remedy: /backup/ },
  },
  {
    name: 'a restore that was broken off',
    plant: (dir) =>
      did(() => {
        renameSync(file(dir, 'ledger.db'), file(dir, 'ledger.db.restoring'));
      }),
    ...{ check: 'restore', text: /broken off/, remedy: /same `optledger restore` again/ },
  },
  {
    name: 'no reactor cursor',
    plant: (dir) =>
      did(() => {
        execute(file(dir, 'ledger.db'), "DELETE FROM cursors WHERE name LIKE 'reactor-%'");
      }),
    ...{ check: 'reactor', text: /no reactor cursor/, remedy: /optledger reactor set --at end/ },
  },
  {
    name: 'the clock is behind the ledger',
    plant: async (dir) => {
      const ledger = await openLedger(dir);
      const clock = clockAt(Date.now() + 3 * 3_600_000);
      await createProject({ ledger, clock }, { projectId: 'later', displayName: 'L', actor });
      await ledger.close();
      return {};
    },
    ...{ check: 'clock', text: /3 h behind the ledger's last event/, remedy: /time server/ },
  },
  {
    name: 'views.db is damaged',
    plant: (dir) =>
      did(() => {
        writeFileSync(file(dir, 'views.db'), 'x'.repeat(5_000));
      }),
    ...{ check: 'views', text: /damaged/, remedy: /optledger views rebuild/ },
  },
  {
    name: "views.db is another ledger's",
    plant: (dir, { anotherDir }) =>
      did(() => {
        copyFileSync(file(anotherDir, 'views.db'), file(dir, 'views.db'));
      }),
    ...{ check: 'views', text: /another ledger/, remedy: /optledger views rebuild/ },
  },
  {
    name: "views.db is another release's",
    plant: (dir) =>
      did(() => {
        execute(file(dir, 'views.db'), "UPDATE schema SET version = '0-old'");
      }),
    ...{ check: 'views', level: 'warning', text: /another release/, remedy: /next start/ },
  },
  {
    name: 'a message has been owed for long',
    plant: async (dir) => {
      const ledger = await openLedger(dir);
      const deps = {
        ledger,
        clock: clockAt(Date.now() - 600_000),
        rootKey: openRootKey(Buffer.alloc(32, 1)),
      };
      const command: SendCommand = {
        ...{ projectId: 'demo', appId: 'demo', actor, sender: '', metadata: '', correlationId: '' },
        ...{ contentType: 'CONTENT_UNKNOWN', processingMode: 'DISPATCH', message: {} },
        recipients: [{ channel: 'SMS', identity: '46700000001' }],
      };
      await acceptMessage(deps, command);
      await ledger.close();
      expect((await runCli(['views', 'rebuild'], { DATA_DIR: dir })).code).toBe(0);
      return {};
    },
    ...{ check: 'owed', level: 'warning', text: /the oldest for 10 min/, remedy: /optledger start/ },
  },
];
