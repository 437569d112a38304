// What the load consists of. Every message is another one, from or to one of many phones.

const PHONES = 20_000;
const TEXTS = [
  'hello, is my order on its way? It should have been here yesterday afternoon.',
  'Thanks! That worked. Could you send me the invoice for the last two months as well?',
  'ok',
  'When do you open on Saturday, and is there a place to park a bicycle close to the entrance?',
];

/** A phone of these measurements. @param n from 0; repeats after 20,000 */
export function phone(n: number): string {
  return `46700${String(n % PHONES).padStart(6, '0')}`;
}

/** Body of `inbound/generic`. @param run makes provider ids differ between runs */
export function inboundBody(run: string, n: number, text = TEXTS[n % TEXTS.length]): string {
  return JSON.stringify({
    message_id: `${run}-${String(n)}`,
    channel: 'SMS',
    identity: phone(n * 7),
    sender: '46711111111',
    text,
    received_at: '2026-01-02T03:04:05.678Z',
  });
}

/** Body of `messages:send`. */
export function sendBody(appId: string, n: number): string {
  return JSON.stringify({
    app_id: appId,
    recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: phone(n * 7) }] } },
    message: { text_message: { text: `Your parcel ${String(n)} arrives today between 9 and 12.` } },
    message_content_type: 'CONTENT_NOTIFICATION',
  });
}
