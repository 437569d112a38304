import { ConversationCallbackWebhooks, SinchClient } from '@sinch/sdk-core';
import type { DemoFile } from '../instance/demo-file.js';
import type { Received } from '../stand-ins/scripted-server.js';

type Access = Pick<DemoFile, 'url' | 'projectId' | 'keyId' | 'keySecret'>;

/** Sinch's own client, unmodified, told nothing but where the server is. `url` may be that of a proxy. */
export function sinchClient(access: Access, url: string = access.url): SinchClient {
  return new SinchClient({
    projectId: access.projectId,
    keyId: access.keyId,
    keySecret: access.keySecret,
    authHostname: url,
    conversationHostname: url,
    // Else it prints each failed call.
    logger: null,
  });
}

/** How Sinch's own validator takes a callback: the raw text, or what a framework parsed of it. */
export interface SdkVerdict {
  readonly raw: boolean;
  readonly parsed: boolean;
}

/** Asks Sinch's own validator. */
export function validateBySdk(
  secret: string,
  { headers, body }: Pick<Received, 'headers' | 'body'>,
): SdkVerdict {
  const validator = new ConversationCallbackWebhooks(secret);
  return {
    raw: validator.validateAuthenticationHeader(headers, body),
    parsed: validator.validateAuthenticationHeader(headers, JSON.parse(body) as object),
  };
}

/** The trigger that Sinch's own parser reads from a body. */
export const triggerBySdk = (body: string): string =>
  new ConversationCallbackWebhooks('').parseEvent(body).trigger;
