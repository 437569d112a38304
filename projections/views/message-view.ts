import type { ReportStatus } from '../../domain/events/events.js';
import type { MessageProgress } from '../../domain/messages/message.js';

interface MessageBase {
  readonly messageId: string;
  readonly projectId: string;
  readonly appId: string;
  readonly channel: string;
  readonly identity: string;
  /** The number on our side. */
  readonly sender: string;
  readonly metadata: string;
  /** RFC 3339 UTC with ms. */
  readonly acceptedAt: string;
  readonly processingMode: 'DISPATCH' | 'CONVERSATION';
}
export interface InboundMessageView extends MessageBase {
  readonly direction: 'TO_APP';
  /** Null when the message carried none. */
  readonly text: string | null;
  /** `contact_message` of the wire where the message is no text and its provider told more of it. */
  readonly content: Readonly<Record<string, unknown>> | null;
}
export interface OutboundMessageView extends MessageBase {
  readonly direction: 'TO_CONTACT';
  readonly kind: 'MESSAGE' | 'REPLY';
  /** The wire's AppMessage. */
  readonly message: Readonly<Record<string, unknown>>;
  readonly state: MessageProgress['state'];
  /** The list that blocked, or why it failed. */
  readonly reason: string | null;
  /** The last receipt. */
  readonly reported: ReportStatus | null;
}
/** One message; channel and identity are the contact's, of the recipient that was chosen (the first one until then). */
export type MessageView = InboundMessageView | OutboundMessageView;

/** A row as it is stored: recipients as JSON triples of channel, identity and contact id, content as text or as JSON. */
export interface MessageRow {
  readonly message_id: string;
  readonly project_id: string;
  readonly app_id: string;
  readonly kind: 'INBOUND' | 'MESSAGE' | 'REPLY';
  readonly recipients: string;
  readonly sender: string;
  readonly content: string | null;
  /** JSON. */
  readonly other_content: string | null;
  readonly metadata: string;
  readonly accepted_at: string;
  readonly processing_mode: MessageBase['processingMode'];
  readonly state: string;
  readonly recipient_index: number;
  readonly reason: string | null;
  readonly reported: ReportStatus | null;
}

export function toMessageView(row: MessageRow): MessageView {
  const [channel, identity] = (JSON.parse(row.recipients) as [string, string, string][])[
    row.recipient_index
  ] ?? ['', ''];
  const base = {
    messageId: row.message_id,
    projectId: row.project_id,
    appId: row.app_id,
    channel,
    identity,
    sender: row.sender,
    metadata: row.metadata,
    acceptedAt: row.accepted_at,
    processingMode: row.processing_mode,
  };
  if (row.kind === 'INBOUND') {
    const content = row.other_content === null ? null : parseObject(row.other_content);
    return { ...base, direction: 'TO_APP', text: row.content, content };
  }
  return {
    ...base,
    direction: 'TO_CONTACT',
    kind: row.kind,
    message: parseObject(row.content ?? '{}'),
    state: row.state as MessageProgress['state'],
    reason: row.reason,
    reported: row.reported,
  };
}

function parseObject(json: string): Record<string, unknown> {
  return JSON.parse(json) as Record<string, unknown>;
}
