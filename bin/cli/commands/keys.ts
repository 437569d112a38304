import type { Command } from 'commander';
import { z } from 'zod';
import { clientOf } from '../clients.js';
import { withConnection, type ConnectionOptions } from '../connection.js';
import { examples, type CliContext } from '../context.js';
import { CommandFailed, EXIT } from '../exit-codes.js';
import { fields, table } from '../table.js';

const key = { key_id: z.string(), name: z.string(), scopes: z.array(z.string()), created_at: z.string() };
const keyList = z.object({ access_keys: z.array(z.object(key)) });
const newKey = z.object({ ...key, key_secret: z.string() });
type NewKey = z.infer<typeof newKey>;
const nothing = z.object({});

const PATH = '/access-keys';
const collect = (one: string, before: readonly string[] = []): string[] => [...before, one];

export function addKeys(program: Command, context: CliContext): void {
  const keys = program
    .command('keys')
    .description('access keys of a project; all of it needs a key with scope admin');
  addList(keys, context);
  addCreate(keys, context);
  addRotate(keys, context);
  addRevoke(keys, context);
}

/** Shows a key with its secret, for the only time. */
function showSecret({ out }: CliContext, made: NewKey): void {
  out.result(made, () =>
    fields({
      'key id': made.key_id,
      'key secret': made.key_secret,
      name: made.name,
      scopes: made.scopes.join(', '),
    }),
  );
  out.say('The secret is shown this once: only its hash is kept.');
}

function addList(keys: Command, context: CliContext): void {
  withConnection(keys.command('list').description('list the keys that stand'))
    .addHelpText('after', examples('optledger keys list', 'optledger keys list --json'))
    .action(async (options: ConnectionOptions) => {
      const list = await clientOf(context, options).request(keyList, 'GET', PATH);
      context.out.result(list, () =>
        table(
          ['id', 'name', 'scopes', 'since'],
          list.access_keys.map((one) => [one.key_id, one.name, one.scopes.join(', '), one.created_at]),
        ),
      );
    });
}

function addCreate(keys: Command, context: CliContext): void {
  withConnection(
    keys
      .command('create')
      .argument('<name>', 'who uses it')
      .description('make a key and show its secret, this once')
      .requiredOption(
        '--scope <scope>',
        'read, send, inbound or admin (includes the others); may be given again',
        collect,
      ),
  )
    .addHelpText(
      'after',
      examples(
        'optledger keys create crm --scope read --scope send',
        'optledger keys create sms-gateway --scope inbound --json > key.json   # umask 077 first',
      ),
    )
    .action(async (name: string, { scope, ...options }: ConnectionOptions & { scope: string[] }) => {
      const made = await clientOf(context, options).request(newKey, 'POST', PATH, { name, scopes: scope });
      showSecret(context, made);
    });
}

function addRotate(keys: Command, context: CliContext): void {
  withConnection(
    keys
      .command('rotate')
      .argument('<key-id>', 'the key to replace')
      .description('make a key with the same name and scopes; the old one lets in until it is revoked')
      .option('--revoke', 'revoke the old one at once: who still uses it is shut out'),
  )
    .addHelpText(
      'after',
      examples(
        'optledger keys rotate 01J8…      # then hand the new one out, and: optledger keys revoke 01J8…',
        'optledger keys rotate 01J8… --revoke   # the old one has leaked',
      ),
    )
    .action(async (keyId: string, { revoke, ...options }: ConnectionOptions & { revoke?: true }) => {
      const client = clientOf(context, options);
      const { access_keys: all } = await client.request(keyList, 'GET', PATH);
      const old = all.find(({ key_id: id }) => id === keyId);
      if (old === undefined) {
        throw new CommandFailed(
          EXIT.failed,
          'no such key, or it is revoked: optledger keys list shows those that stand',
        );
      }
      const made = await client.request(newKey, 'POST', PATH, { name: old.name, scopes: old.scopes });
      showSecret(context, made);
      if (revoke) {
        await client.request(nothing, 'DELETE', `${PATH}/${encodeURIComponent(keyId)}`);
        context.out.say('The old key is revoked.');
      } else {
        context.out.say(`The old key still lets in. Once nobody uses it: optledger keys revoke ${keyId}`);
      }
    });
}

function addRevoke(keys: Command, context: CliContext): void {
  withConnection(
    keys
      .command('revoke')
      .argument('<key-id>', 'from `keys list`')
      .description('end a key and its tokens at once; the last one with scope admin stays'),
  )
    .addHelpText('after', examples('optledger keys revoke 01J8…'))
    .action(async (keyId: string, options: ConnectionOptions) => {
      await clientOf(context, options).request(nothing, 'DELETE', `${PATH}/${encodeURIComponent(keyId)}`);
      context.out.result({ key_id: keyId, revoked: true }, () => [`revoked  ${keyId}`]);
    });
}
