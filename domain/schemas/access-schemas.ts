import { z } from 'zod';
import { envelope, opaqueId, ordinal, word } from './common-schemas.js';

/** Events of `ledger-1` and `project-<id>`. */
export const accessSchemas = {
  'ledger-created': z.strictObject({
    ...envelope,
    type: z.literal('ledger-created'),
    data: z.strictObject({ ledgerId: opaqueId, keyCheck: word, identityRules: ordinal.exactOptional() }),
  }),
  'project-created': z.strictObject({
    ...envelope,
    type: z.literal('project-created'),
    data: z.strictObject({ projectId: opaqueId, displayName: z.string() }),
  }),
  'access-key-created': z.strictObject({
    ...envelope,
    type: z.literal('access-key-created'),
    data: z.strictObject({
      projectId: opaqueId,
      keyId: opaqueId,
      secretHash: z.string().regex(/^[0-9a-f]{64}$/u, 'expected a SHA-256 in hex'),
      scopes: z.array(z.enum(['read', 'send', 'inbound', 'admin'])),
      label: z.string(),
    }),
  }),
  'access-key-revoked': z.strictObject({
    ...envelope,
    type: z.literal('access-key-revoked'),
    data: z.strictObject({ projectId: opaqueId, keyId: opaqueId }),
  }),
};
