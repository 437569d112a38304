import { Webhook } from 'standardwebhooks';
import {
  startScriptedServer,
  type Received,
  type ScriptedServer,
  type ServerOptions,
} from './scripted-server.js';
import { startServerProcess, type ServerProcess } from './server-process.js';

export type { Received } from './scripted-server.js';

/** A customer's webhook receiver in this process. */
export function startWebhookReceiver(options: ServerOptions = {}): Promise<ScriptedServer> {
  return startScriptedServer(options);
}

/** The same in a process of its own. */
export function startWebhookReceiverProcess(
  options: Pick<ServerOptions, 'port'> = {},
): Promise<ServerProcess> {
  return startServerProcess(options);
}

/**
 * Checks the Standard Webhooks signature with the reference library, whatever the age: long tests look back.
 * @returns the parsed body
 * @throws when it is not signed with this secret
 */
export function verifyStandard(
  secret: string,
  { body, headers }: Pick<Received, 'body' | 'headers'>,
): unknown {
  const webhook = secret.startsWith('whsec_')
    ? new Webhook(secret)
    : new Webhook(Buffer.from(secret), { format: 'raw' });
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  if (webhook.sign(headers['webhook-id'] ?? '', at, body) !== headers['webhook-signature']) {
    throw new Error('not signed with this secret');
  }
  return JSON.parse(body);
}
