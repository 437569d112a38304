import fc from 'fast-check';
import type { LedgerEvent, ReportStatus } from '../../../domain/events/events.js';
import { LIST_TYPES, type ListType } from '../../../domain/lists.js';
import { SUSPECTED_STOPS } from '../../../domain/settings.js';
import { acceptedData, at, attemptData, changeData, contactIdOf, endpoint, ofMessage } from './events.js';
import { event as make, permit, receivedData, ulid } from './events.js';
import { idOf, streamsOf, timeOf, type ContactModel, type World } from '../../worlds/history-world.js';

const KINDS = [
  ...['app', 'endpoint', 'endpoint', 'remove-endpoint', 'delete-app', 'settings'],
  ...['inbound', 'inbound', 'opt-out', 'opt-out', 'opt-in', 'send', 'send', 'message', 'message', 'message'],
  ...['receipt', 'callback', 'callback', 'callback', 'retry'],
] as const;

const step = fc.record({
  kind: fc.constantFrom(...KINDS),
  app: fc.constantFrom('app-a', 'app-b'),
  contact: fc.constantFrom('ann', 'ben', 'eve'),
  list: fc.constantFrom(...LIST_TYPES),
  pick: fc.nat(999),
  flag: fc.boolean(),
});
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Histories that begin with two apps, since nothing happens without one. */
export const histories = fc.array(step, { maxLength: 80, size: 'max' });

export function play(world: World, steps: readonly Step[]): void {
  for (const appId of ['app-a', 'app-b']) {
    world.apps.set(appId, { endpoints: [endpoint(`${appId}-0`)], deleted: false });
    world.appendApp(appId, 'app-created');
  }
  for (const one of steps) PLAYERS[one.kind]?.(world, one);
}

type Player = (world: World, step: Step) => void;
const PLAYERS: Readonly<Record<string, Player>> = {
  settings: (world, { app }) => {
    world.appendApp(app, 'consent-settings-changed');
  },
  endpoint: (world, { app, pick, flag }) => {
    const state = world.apps.get(app);
    if (state === undefined || state.deleted) return;
    const triggers = ['OPT_OUT', 'MESSAGE_DELIVERY', 'MESSAGE_INBOUND', 'OPT_IN'].slice(0, 1 + (pick % 4));
    const disabled = flag ? ({ reason: 'owner' } as const) : null;
    const id = `${app}-${String(pick % 3)}`;
    const changed = endpoint(id, { triggers, disabled, targetType: pick % 7 === 0 ? 'DISMISS' : 'HTTP' });
    state.endpoints = [...state.endpoints.filter((known) => known.id !== id), changed];
    world.appendApp(app, 'app-changed');
  },
  'remove-endpoint': (world, { app, pick }) => {
    const state = world.apps.get(app);
    if (state === undefined || state.deleted) return;
    state.endpoints = state.endpoints.filter((_, i) => i !== pick % 3);
    world.appendApp(app, 'app-changed');
  },
  'delete-app': (world, { app, pick }) => {
    const state = world.apps.get(app);
    if (state === undefined || pick % 4 > 0) return;
    state.deleted = true;
    world.appendApp(app, 'app-deleted');
  },
  inbound: (world, { app, contact, pick }) => {
    const n = world.next();
    const personal = {
      identity: contact,
      sender: '1',
      ...(pick % 5 > 0 && { text: `hello ${String(pick)}` }),
    };
    const plain = receivedData(app, contactIdOf(app + contact), ulid(`in-${String(n)}`));
    const treatment = SUSPECTED_STOPS[pick % 7];
    const suspected = treatment && ({ listType: 'OPT_OUT_ALL', language: 'EN', treatment } as const);
    const data = { ...plain, ...(suspected && { suspected }) };
    world.append(streamsOf.contact(data.contactId), {
      ...make(n, 'message-received', data, { ms: n * 1000, personal }),
      id: idOf(n),
    });
  },
  'opt-out': (world, step) => {
    const known = contactOf(world, step);
    change(world, step, 'opted-out', known.onLists.has(step.list) ? [] : [step.list]);
  },
  'opt-in': (world, step) => {
    const wanted = step.flag ? LIST_TYPES : [step.list];
    const { onLists } = contactOf(world, step);
    change(
      world,
      step,
      'opted-in',
      [...wanted].filter((list) => onLists.has(list)),
    );
  },
  send: (world, { app, pick, flag }) => {
    const n = world.next();
    const messageId = ulid(`out-${String(n)}`);
    const override = pick % 3 === 0 ? 'override-1' : null;
    world.messages.set(messageId, { appId: app, messageId, override, accepted: true, state: 'open' });
    world.owed.messages.set(messageId, timeOf(n));
    const data = acceptedData(app, messageId, { overrideEndpointId: override });
    const personal = {
      identities: ['ann', 'ben'],
      sender: '1',
      message: { text_message: { text: flag ? 'hi' : 'ho' } },
      metadata: '',
      correlationId: '',
    };
    world.append(streamsOf.message(messageId), {
      ...make(n, 'message-accepted', data, { ms: n * 1000, personal }),
      id: idOf(n),
    });
  },
  message: (world, { pick, flag }) => {
    const open = [...world.messages.values()].filter(({ state }) => state !== 'ended');
    const message = open[pick % Math.max(open.length, 1)];
    if (message === undefined) return;
    const n = world.next();
    const { appId, messageId } = message;
    if (!message.accepted) {
      message.accepted = true;
      const reply = acceptedData(appId, messageId, { kind: 'REPLY' });
      world.append(streamsOf.message(messageId), {
        ...make(n, 'message-accepted', reply, { ms: n * 1000 }),
        id: idOf(n),
      });
      return;
    }
    const data = { ...ofMessage(appId, messageId), attempt: 1, bodyVersion: 1 } as const;
    const common = { ...ofMessage(appId, messageId), attempt: 1 };
    const options = { ms: n * 1000 };
    const write = (event: LedgerEvent): void => {
      world.append(streamsOf.message(messageId), { ...event, id: idOf(n) });
    };
    const end = (): void => {
      message.state = 'ended';
      world.owed.messages.delete(messageId);
    };
    switch (pick % 5) {
      case 0:
        message.state = 'tried';
        write(make(n, 'message-handing-over', { ...common, permit, channelType: 'simulator' }, options));
        break;
      case 1: {
        const retryAt = flag ? at(n * 1000 + 9000) : null;
        if (retryAt !== null) world.owed.messages.set(messageId, Date.parse(retryAt));
        write(make(n, 'message-not-sent', { ...common, class: 'busy', retryAt }, options));
        break;
      }
      case 2:
        end();
        write(make(n, 'message-dispatched', { ...data, recipientIndex: 1, handedOverAt: at(0) }, options));
        break;
      case 3: {
        end();
        const reason = flag ? 'superseded' : 'CHANNEL_REJECT';
        write(make(n, 'message-failed', { ...data, reason, description: '' }, options));
        break;
      }
      default: {
        end();
        const { attempt: _, ...rest } = data;
        const block = {
          ...rest,
          listType: 'OPT_OUT_ALL',
          contentType: 'CONTENT_UNKNOWN',
          mode: 'PRIMARY',
        } as const;
        const more = { permit, decidedBy: idOf(0), recipientIndex: 0, notifyOptOut: flag };
        write(make(n, 'message-blocked', { ...block, ...more }, options));
      }
    }
  },
  receipt: (world, { pick }) => {
    const all = [...world.messages.values()].filter(({ accepted }) => accepted);
    const message = all[pick % Math.max(all.length, 1)];
    if (message === undefined) return;
    const statuses: readonly ReportStatus[] = ['QUEUED_ON_CHANNEL', 'DELIVERED', 'READ', 'FAILED'];
    const status = statuses[pick % 4] ?? 'READ';
    if (message.state === 'tried' && (status === 'DELIVERED' || status === 'READ')) {
      message.state = 'ended';
      world.owed.messages.delete(message.messageId);
    }
    const n = world.next();
    const data = {
      ...ofMessage(message.appId, message.messageId),
      status,
      reason: null,
      bodyVersion: 1,
    } as const;
    world.append(streamsOf.message(message.messageId), {
      ...make(n, 'message-reported', data, { ms: n * 1000 }),
      id: idOf(n),
    });
  },
  retry: (world, { pick }) => {
    const open = [...world.callbacks.values()].filter(
      ({ state, attempts }) => state === 'parked' || (state === 'waiting' && attempts > 0),
    );
    const callback = open[pick % Math.max(open.length, 1)];
    if (callback === undefined) return;
    const n = world.next();
    const { callbackId } = callback.data;
    callback.state = 'waiting';
    world.owed.callbacks.set(callbackId, timeOf(n));
    const asked = make(n, 'callback-retry-requested', callback.data, { ms: n * 1000 });
    world.append(streamsOf.callback(callbackId), { ...asked, id: idOf(n) });
  },
  callback: (world, { pick, flag }) => {
    const open = [...world.callbacks.values()].filter(({ state }) => state !== 'delivered');
    const callback = open[pick % Math.max(open.length, 1)];
    if (callback === undefined) return;
    const n = world.next();
    const { callbackId } = callback.data;
    const write = (event: LedgerEvent): void => {
      world.append(streamsOf.callback(callbackId), { ...event, id: idOf(n) });
    };
    const attempt = callback.attempts + 1;
    const options = { ms: n * 1000 };
    if (pick % 3 === 0 && callback.state === 'waiting') {
      const nextAttemptAt = at(n * 1000 + 5000);
      callback.attempts = attempt;
      world.owed.callbacks.set(callbackId, Date.parse(nextAttemptAt));
      const data = { ...attemptData(callback.data, { attempt }), nextAttemptAt, retryAfterMs: null };
      write(make(n, 'callback-attempted', data, options));
    } else if (pick % 3 === 1 && callback.state === 'waiting') {
      callback.state = 'parked';
      world.owed.callbacks.delete(callbackId);
      const last = flag
        ? null
        : ({ attempt, class: 'refused', status: 400, fault: null, durationMs: 1 } as const);
      if (last !== null) callback.attempts = attempt;
      const data = { ...callback.data, attempts: callback.attempts, reason: 'refused', last } as const;
      write(make(n, 'callback-parked', data, options));
    } else {
      callback.state = 'delivered';
      callback.attempts = attempt;
      world.owed.callbacks.delete(callbackId);
      const data = attemptData(callback.data, { attempt, class: 'delivered', status: 200 });
      write(make(n, 'callback-delivered', data, options));
    }
  },
};

function contactOf(world: World, { app, contact }: Step): ContactModel {
  const key = app + contact;
  const known = world.contacts.get(key) ?? { onLists: new Set(), audit: [], last: null };
  world.contacts.set(key, known);
  return known;
}

function change(world: World, step: Step, type: 'opted-out' | 'opted-in', moved: readonly ListType[]): void {
  const { app, contact, list, pick } = step;
  const known = contactOf(world, step);
  const n = world.next();
  const contactId = contactIdOf(app + contact);
  for (const one of moved) {
    const key = `${app} ${one}`;
    const members = (world.lists.get(key) ?? []).filter((member) => member !== contactId);
    world.lists.set(key, type === 'opted-out' ? [...members, contactId] : members);
    if (type === 'opted-out') known.onLists.add(one);
    else known.onLists.delete(one);
  }
  const operation = type === 'opted-in' ? 'DELETE' : moved.length > 0 ? 'INSERT' : 'UPDATE';
  const records = type === 'opted-out' ? [list] : moved;
  known.audit.push(...records.map((one) => `OPERATION_${operation} ${one}`));
  const reply = pick % 2 === 0 ? null : ({ kind: 'OPT_OUT', messageId: ulid(`reply-${String(n)}`) } as const);
  if (reply !== null) {
    world.owed.messages.set(reply.messageId, timeOf(n));
    const { messageId } = reply;
    world.messages.set(messageId, { appId: app, messageId, override: null, accepted: false, state: 'open' });
  }
  const data = changeData(app, contactId, {
    listType: list,
    moved,
    previous: known.last,
    reply,
    notify: pick % 5 > 0,
  });
  known.last = { eventId: idOf(n), direction: type === 'opted-out' ? 'OPT_OUT' : 'OPT_IN' };
  world.append(streamsOf.contact(contactId), {
    ...make(n, type, data, { ms: n * 1000, personal: { identity: contact, sender: '1' } }),
    id: idOf(n),
  });
}
