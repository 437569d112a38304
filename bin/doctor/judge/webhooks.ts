import type { TargetProblem } from '../../../http-client/target-check.js';
import type { Endpoint } from '../../../domain/settings.js';
import { fault, ok, warning, type Finding } from '../finding.js';

/** What was found out about a webhook. */
export interface WebhookSeen {
  readonly endpoint: Pick<Endpoint, 'id' | 'target' | 'disabled'>;
  readonly projectId: string;
  /** Characters of its secret; 0 for none, null where it could not be opened. */
  readonly secretLength: number | null;
  readonly problem: TargetProblem | null;
  readonly resolves: boolean;
}

/** A shorter secret can be guessed. */
const SHORT_SECRET = 16;

export function judgeWebhook(seen: WebhookSeen): Finding[] {
  const { endpoint, projectId, secretLength } = seen;
  const host = URL.parse(endpoint.target)?.hostname ?? 'an unreadable URL';
  const check = `webhook ${endpoint.id}`;
  const change = (body: string): string => `PATCH /v1/projects/${projectId}/webhooks/${endpoint.id} ${body}`;
  const secret = 'at least 24 random characters (openssl rand -base64 24), the same at the receiver';
  const found: Finding[] = [
    ...(secretLength === 0
      ? [
          warning(
            check,
            `${host}: no secret, so its callbacks are not signed`,
            `${change('{"secret": …}')}: ${secret}`,
          ),
        ]
      : []),
    ...(secretLength !== null && secretLength > 0 && secretLength < SHORT_SECRET
      ? [
          warning(
            check,
            `${host}: a secret of ${String(secretLength)} characters can be guessed`,
            `${change('{"secret": …}')}: ${secret}`,
          ),
        ]
      : []),
    ...judgeTarget(seen, check, host, change),
    ...judgeDisabled(endpoint, check, host, change),
  ];
  return found.length > 0 ? found : [ok(check, `${host}: signed, and may be called`)];
}

function judgeTarget(
  { problem, resolves }: WebhookSeen,
  check: string,
  host: string,
  change: (body: string) => string,
): Finding[] {
  if (!resolves) {
    const remedy = `correct the name (${change('{"target": …}')}) or its DNS record: every callback to it fails`;
    return [fault(check, `${host} does not resolve`, remedy)];
  }
  switch (problem) {
    case null:
      return [];
    case 'scheme':
      return [
        fault(
          check,
          `${host}: http is not allowed, so no callback reaches it`,
          `use https: ${change('{"target": "https://…"}')}; or, inside your own network, name it in CALLBACK_ALLOW_CIDRS`,
        ),
      ];
    case 'port':
      return [
        fault(
          check,
          `${host}: only ports 443 and 8443 are allowed, so no callback reaches it`,
          `use one of them: ${change('{"target": …}')}; or name its network in CALLBACK_ALLOW_CIDRS`,
        ),
      ];
    case 'blocked-address':
      return [
        fault(
          check,
          `${host} is a private or reserved address, which callbacks may not reach`,
          'if it is yours, name its network in CALLBACK_ALLOW_CIDRS, e.g. 10.0.0.0/8',
        ),
      ];
    case 'not-a-url':
    case 'userinfo':
      return [fault(check, `${host}: not a URL that can be called`, change('{"target": "https://…"}'))];
  }
}

function judgeDisabled(
  { disabled }: WebhookSeen['endpoint'],
  check: string,
  host: string,
  change: (body: string) => string,
): Finding[] {
  switch (disabled?.reason) {
    case undefined:
      return [];
    case 'gone':
      return [
        fault(
          check,
          `${host} answered 410 Gone and is off: its callbacks are parked`,
          `name its address anew to switch it on: ${change('{"target": …}')}`,
        ),
      ];
    case 'owner':
      return [
        warning(
          check,
          `${host} was switched off: its callbacks are parked`,
          'switch it on when its receiver is back',
        ),
      ];
  }
}
