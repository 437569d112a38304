import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Signs as Twilio documents it, written apart from the product's own: a fault of one does not hide in the other. */
export function twilioSignature(token: string, url: string, form: URLSearchParams): string {
  const hmac = createHmac('sha1', Buffer.from(token)).update(Buffer.from(url));
  for (const name of [...new Set(form.keys())].sort()) {
    for (const value of [...new Set(form.getAll(name))].sort()) hmac.update(`${name}${value}`);
  }
  return hmac.digest('base64');
}

/** A documented form or body, see test/fixtures/twilio. */
export function twilioFixture(name: string): Record<string, string> {
  const file = new URL(`../../fixtures/twilio/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}
