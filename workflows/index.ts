// This is the only entry of the bundle. Temporal finds a workflow by the name of its export.
export { deliverCallback as 'deliver-callback' } from './deliver-callback.js';
export { deliverCallbacks as 'deliver-callbacks' } from './deliver-callbacks.js';
export { leadReactor as 'lead-reactor' } from './lead-reactor.js';
export { sendMessage as 'send-message' } from './send-message.js';
export { sendMessages as 'send-messages' } from './send-messages.js';
