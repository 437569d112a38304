import { changeApp, createApp, deleteApp } from '../../../ledger/commands/app-commands.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { newUlid } from '../../../ledger/event-ids.js';
import { actorOf, appTarget } from '../../auth/actor.js';
import { toApp, toFields, toStored } from '../../shapes/app-shapes.js';
import type { Api, AppDeps } from '../../deps.js';
import { checked, mergePatch } from '../../shapes/merge-patch.js';
import { APP_FIELDS, appFields, appList, appResponse, appUpdate } from '../../wire/apps/app.js';
import { appParams, nothing, projectParams } from '../../wire/common.js';
import { maskOf, maskQuery } from '../../wire/update-mask.js';

const tags = ['Apps'];
const ALL = '/v1/projects/:project_id/apps';
const ONE = `${ALL}/:app_id`;

/** Serves apps as the Conversation API has them. */
export function registerApps(app: Api, deps: AppDeps): void {
  registerCreate(app, deps);
  registerReads(app, deps);
  registerUpdate(app, deps);
  app.delete(
    ONE,
    {
      schema: { summary: 'Delete an app', tags, params: appParams, response: { 200: nothing } },
    },
    async (request) => {
      await deleteApp(deps, appTarget(request));
      return {};
    },
  );
}

function registerCreate(app: Api, deps: AppDeps): void {
  const { rootKey, config, clock } = deps;
  app.post(
    ALL,
    {
      schema: {
        summary: 'Create an app',
        tags,
        params: projectParams,
        body: appFields,
        response: { 200: appResponse },
      },
    },
    async (request) => {
      const appId = newUlid(clock.now());
      const target = { projectId: request.params.project_id, appId, actor: actorOf(request) };
      const created = await createApp(deps, target, toStored(rootKey, appId, request.body));
      return toApp(config, created.state);
    },
  );
}

function registerReads(app: Api, { ledger, views, config }: AppDeps): void {
  app.get(
    ALL,
    {
      schema: { summary: 'List the apps', tags, params: projectParams, response: { 200: appList } },
    },
    (request) => ({
      apps: views.apps.list(request.params.project_id).map(({ state }) => toApp(config, state)),
    }),
  );

  app.get(
    ONE,
    {
      schema: { summary: 'Get an app', tags, params: appParams, response: { 200: appResponse } },
    },
    async (request) => {
      const { state } = await readApp(ledger, request.params.project_id, request.params.app_id);
      return toApp(config, state);
    },
  );
}

function registerUpdate(app: Api, deps: AppDeps): void {
  const { rootKey, config } = deps;
  app.patch(
    ONE,
    {
      schema: {
        summary: 'Change an app',
        tags,
        params: appParams,
        querystring: maskQuery,
        body: appUpdate,
        response: { 200: appResponse },
      },
    },
    async (request) => {
      const { update_mask: inBody, ...patch } = request.body;
      const mask = maskOf(request.query, inBody);
      const { state } = await changeApp(deps, appTarget(request), (before) => {
        const current = toFields(rootKey, before);
        const fields = checked(appFields, mergePatch(current, patch, mask, APP_FIELDS));
        return toStored(rootKey, request.params.app_id, fields, before);
      });
      return toApp(config, state);
    },
  );
}
