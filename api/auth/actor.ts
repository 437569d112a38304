import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/events/events.js';
import './context.js';

/** Says whom a request's events name as their actor. */
export function actorOf({ principal }: FastifyRequest): Actor {
  return { type: 'access-key', id: principal.keyId };
}

/** The app that a request's path names, for a command that changes it. */
export function appTarget(
  request: FastifyRequest & { readonly params: { readonly project_id: string; readonly app_id: string } },
): { readonly projectId: string; readonly appId: string; readonly actor: Actor } {
  const { project_id: projectId, app_id: appId } = request.params;
  return { projectId, appId, actor: actorOf(request) };
}
