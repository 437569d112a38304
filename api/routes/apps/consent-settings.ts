import type { ConsentSettings } from '../../../domain/settings.js';
import { changeConsentSettings } from '../../../ledger/commands/app-commands.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { appTarget } from '../../auth/actor.js';
import type { Api, AppDeps } from '../../deps.js';
import { keywordProblems } from '../../shapes/keyword-problems.js';
import { invalidFields } from '../../server/violations.js';
import { appParams } from '../../wire/common.js';
import { consentSettings, consentSettingsPatch, fromWire, toWire } from '../../wire/apps/consent-settings.js';

const tags = ['Settings'];
const PATH = '/v1/projects/:project_id/apps/:app_id/consent-settings';

/** Refuses settings with conflicts: a word with two meanings would make a message mean something by chance. */
function refuseProblems(settings: ConsentSettings): ConsentSettings {
  const problems = keywordProblems(settings);
  if (problems.length > 0) throw invalidFields(problems);
  return settings;
}

/** Serves how an app reads inbound texts and enforces the lists; the route is ours, so it refuses unknown keys. */
export function registerConsentSettings(app: Api, deps: AppDeps): void {
  app.get(
    PATH,
    {
      schema: {
        summary: "Get an app's consent settings",
        tags,
        params: appParams,
        response: { 200: consentSettings },
      },
    },
    async (request) => {
      const { state, revision } = await readApp(
        deps.ledger,
        request.params.project_id,
        request.params.app_id,
      );
      return toWire(state.consent, revision);
    },
  );

  app.patch(
    PATH,
    {
      schema: {
        summary: "Change an app's consent settings",
        tags,
        params: appParams,
        body: consentSettingsPatch,
        response: { 200: consentSettings },
      },
    },
    async (request) => {
      const { revision: expected, ...patch } = request.body;
      const { state, revision } = await changeConsentSettings(
        deps,
        appTarget(request),
        expected,
        (consent) => {
          const { revision: _, ...current } = toWire(consent, 0);
          return refuseProblems(fromWire({ ...current, ...(patch as Partial<typeof current>) }));
        },
      );
      return toWire(state.consent, revision);
    },
  );
}
