import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/events/events.js';
import './context.js';

/** Who a request's events name as their actor. */
export function actorOf({ principal }: FastifyRequest): Actor {
  return { type: 'access-key', id: principal.keyId };
}
