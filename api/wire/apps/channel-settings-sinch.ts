import { z } from 'zod';
import { SINCH_REGIONS } from '../../../domain/schemas/providers/sinch.js';
import { MASK } from '../../../domain/mask.js';

const id = z.string().regex(/^[\w.:~-]{1,128}$/u, 'expected an id as Sinch shows it');
const secret = z.string().min(1).max(1_024);
const origin = z
  .string()
  .max(742)
  .regex(/^[^?#]+$/u, 'expected a URL without a query')
  .nullable();

/** `type: sinch`: an app of the Sinch Conversation API. */
export const sinchSettings = z.strictObject({
  type: z.literal('sinch'),
  sinch_project_id: id.describe('the project at Sinch'),
  sinch_app_id: id.describe('the app at Sinch; callbacks of another one are refused'),
  region: z.enum(SINCH_REGIONS),
  base_url: origin.describe('origin of the API; null: Sinch’s own of the region'),
  auth_url: origin.describe('origin of the token endpoint; null: Sinch’s own'),
  key_id: id,
  key_secret: secret.describe(`${MASK} on read`),
  inbound_secret: secret.describe(`signs what Sinch posts to inbound/sinch; ${MASK} on read`),
  previous_inbound_secret: secret
    .nullable()
    .describe(`accepted too until it is set to null; a new inbound_secret moves the old one here`),
});
