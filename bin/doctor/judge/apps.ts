import type { AppState } from '../../../domain/settings.js';
import { ok, warning, type Finding } from '../finding.js';

/** @param northAmerican how many of the newest inbound messages came from numbers of the North American plan */
export function judgeApp(app: AppState, northAmerican: number): Finding[] {
  const { appId, projectId, consent, channel } = app;
  const check = `app ${appId}`;
  const settings = (what: string, body: string): string =>
    `PATCH /v1/projects/${projectId}/apps/${appId}/${what} ${body}`;
  const found = [
    ...(consent.enabled
      ? []
      : [
          warning(
            check,
            'consent management is off: a STOP changes nothing',
            settings('consent-settings', '{"enabled": true}'),
          ),
        ]),
    ...(consent.enabled && consent.mode === 'SECONDARY'
      ? [
          warning(
            check,
            'mode SECONDARY: lists are kept and nothing is blocked',
            `unless your own systems block: ${settings('consent-settings', '{"mode": "PRIMARY"}')}`,
          ),
        ]
      : []),
    ...(northAmerican > 0 && !consent.keywordSets.includes('US')
      ? [
          warning(
            check,
            `${String(northAmerican)} recent messages came from +1 numbers, and the keyword set US is not on`,
            settings('consent-settings', JSON.stringify({ keyword_sets: [...consent.keywordSets, 'US'] })),
          ),
        ]
      : []),
    ...(channel.type === 'simulator'
      ? [
          warning(
            check,
            'its channel is the simulator: no message reaches a phone',
            settings('channel-settings', '{"type": "http", "url": …, "secret": …}'),
          ),
        ]
      : []),
  ];
  return found.length > 0 ? found : [ok(check, 'blocks, and its messages leave by a real channel')];
}
