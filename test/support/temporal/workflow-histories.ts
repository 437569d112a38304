import type { OperatorsTemporal } from './temporal-client.js';

/** What every workflow's history holds, payloads decoded, one value after another. */
export async function allHistories({ client, list }: OperatorsTemporal): Promise<Buffer> {
  const values: Buffer[] = [];
  for (const { workflowId, runId } of await list('')) {
    values.push(Buffer.from(workflowId));
    collect(await client.workflow.getHandle(workflowId, runId).fetchHistory(), values);
  }
  return Buffer.concat(values.flatMap((value) => [value, Buffer.from('\n')]));
}

function collect(value: unknown, into: Buffer[]): void {
  if (typeof value === 'string') into.push(Buffer.from(value));
  else if (value instanceof Uint8Array) into.push(Buffer.from(value));
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) collect(part, into);
  }
}
