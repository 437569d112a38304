import type { EventOf } from './event-base.js';
import type { AppState } from '../settings.js';

// Stream `app-<id>`: every event carries the whole resulting state.

interface AppData {
  readonly state: AppState;
}
interface EndpointData extends AppData {
  readonly endpointId: string;
}
export type AppEvent =
  | EventOf<'app-created', AppData>
  | EventOf<'app-changed', AppData>
  | EventOf<'app-deleted', AppData>
  | EventOf<'consent-settings-changed', AppData>
  | EventOf<'channel-settings-changed', AppData>
  | EventOf<'endpoint-registered', EndpointData>
  | EventOf<'endpoint-changed', EndpointData>
  | EventOf<'endpoint-removed', EndpointData>
  | EventOf<'endpoint-disabled', EndpointData>
  | EventOf<'endpoint-enabled', EndpointData>;
