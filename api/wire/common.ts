import { z } from 'zod';

export const projectParams = z.object({ project_id: z.string() });
export const appParams = projectParams.extend({ app_id: z.string() });
export const webhookParams = projectParams.extend({ webhook_id: z.string() });

/** Answer of every DELETE. */
export const nothing = z.object({});

/** What stands for a secret that is kept; sent back, it means "as it was". */
export const MASK = '********';
