import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../instance/asked-child.js';
import type { HooksAsk, HooksTold } from './hooks.js';

// A customer's receiver under a campaign: it counts, and keeps only when an opt-out of whom arrived.

let answering: number | 'nothing' = 200;
let hanging: ServerResponse[] = [];
let requests = 0;
const delivered = new Set<string>();
let twice = 0;
const optOuts: [string, number][] = [];

const server = createServer((request, response) => {
  const at = Date.now();
  requests += 1;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (answering === 'nothing') {
      hanging.push(response);
      return;
    }
    response.writeHead(answering).end();
    if (answering !== 200) return;
    const id = String(request.headers['optledger-delivery-id']);
    if (delivered.has(id)) twice += 1;
    delivered.add(id);
    const body = Buffer.concat(chunks).toString('utf8');
    const identity = body.includes('"opt_out_notification"') && /"identity":"(\d+)"/.exec(body)?.[1];
    if (identity) optOuts.push([identity, at]);
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

function tell({ answer }: HooksAsk): HooksTold {
  if (answer !== undefined) {
    answering = answer;
    for (const response of hanging) response.destroy();
    hanging = [];
  }
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
  return { url, requests, delivered: delivered.size, twice, optOuts };
}

answerParent<HooksAsk>(tell);
