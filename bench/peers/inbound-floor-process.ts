import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { appParams } from '../../api/wire/common.js';
import { inboundResponse } from '../../api/wire/messages/inbound.js';
import { genericInboundBody } from '../../channels/generic.js';
import { createGroupCommit } from '../../ledger/sqlite/group-commit.js';
import { openLedgerFile } from '../../ledger/sqlite/sqlite-file.js';
import { answerCalls } from '../calls.js';

// The floor of inbound messages: the same route and shapes, and a handler that only inserts one row of the same bytes
// into a table and file like the ledger's, committed in groups with FULL sync. No sign-in, no reading, no deciding.

/** The columns of an event as the product writes it; the floor writes their bytes again and again. */
export interface EventBytes {
  readonly type: string;
  readonly version: number;
  readonly data: string;
  readonly personal: string | null;
  readonly meta: string;
}

const folder = mkdtempSync(join(tmpdir(), 'optledger-floor-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

async function start({ type, version, data, personal, meta }: EventBytes): Promise<string> {
  const db = openLedgerFile(join(folder, 'ledger.db'));
  const insert = db.prepare(
    'INSERT INTO events (stream, revision, id, type, version, data, personal, meta) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const commits = createGroupCommit({
    db,
    onCommitted: () => undefined,
    onFatal: (error) => {
      throw error;
    },
  });
  const app = fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.post(
    '/v1/projects/:project_id/apps/:app_id/inbound/generic',
    { schema: { params: appParams, body: genericInboundBody, response: { 200: inboundResponse } } },
    async () => {
      const id = randomUUID();
      // As long as the product's names of streams.
      const stream = `contact-${id.replaceAll('-', '')}`;
      await commits.submit(() => insert.run(stream, 0, id, type, version, data, personal, meta));
      return { message_id: id, event_id: id, duplicate: false, matched: null, suspected: null };
    },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`;
}

const calls = { start };
export type InboundFloorCalls = typeof calls;
answerCalls(calls);
