import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSuspicion } from '../../../../domain/suspicion/suspicion.js';

const fixtures = resolve(import.meta.dirname, '../../../fixtures');
const linesOf = (name: string): string[] =>
  readFileSync(resolve(fixtures, 'suspicion', `${name}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

const isSuspected = (text: string): boolean => readSuspicion(text) !== null;

/** Thousands of texts are read in a second or two, but not on a machine that is busy with much else. */
const BUSY_MS = 60_000;

describe('a stop in a sentence', () => {
  it.each([
    ['en', 200],
    ['es', 60],
    ['pt', 60],
    ['fr', 60],
  ])(
    'is heard in at least 95 of 100 phrasings: %s',
    (language, atLeast) => {
      const asks = linesOf(`asks-${language}`);
      expect(asks.length).toBeGreaterThanOrEqual(atLeast);
      expect(asks.filter((text) => !isSuspected(text)).length).toBeLessThanOrEqual(asks.length * 0.05);
    },
    BUSY_MS,
  );

  it('is not heard in more than 2 of 100 near misses', () => {
    const others = linesOf('near-misses');
    expect(others.length).toBeGreaterThanOrEqual(200);
    expect(others.filter(isSuspected).length).toBeLessThanOrEqual(others.length * 0.02);
  });

  it(
    'is heard in four texts of the SMS collection, three of which do ask',
    () => {
      const texts = readFileSync(resolve(fixtures, 'sms-spam-collection.tsv'), 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.slice(line.indexOf('\t') + 1));
      const phrases = texts.flatMap((text) => readSuspicion(text)?.phrase ?? []);
      expect(phrases.sort()).toEqual(['do not contact me', 'dont call me', 'dont text me', 'wrong number']);
    },
    BUSY_MS,
  );

  it.each([
    ['Stop sending me promotions', 'OPT_OUT_MARKETING'],
    ['stop the ads', 'OPT_OUT_MARKETING'],
    ['I want to unsubscribe from your newsletter', 'OPT_OUT_MARKETING'],
    ['stop the notifications', 'OPT_OUT_NOTIFICATION'],
    ['turn off these alerts', 'OPT_OUT_NOTIFICATION'],
    ['stop all ads', 'OPT_OUT_ALL'],
    ['stop your promotions and alerts', 'OPT_OUT_ALL'],
    ['please stop texting me', 'OPT_OUT_ALL'],
    ['No quiero publicidad', 'OPT_OUT_MARKETING'],
    ['je ne veux plus de vos pubs', 'OPT_OUT_MARKETING'],
  ])('%s: %s', (text, listType) => {
    expect(readSuspicion(text)).toMatchObject({ listType });
  });

  it('is told with the words that made it one, and their language', () => {
    expect(readSuspicion('Bonjour, retirez-moi de votre liste svp')).toEqual({
      listType: 'OPT_OUT_ALL',
      phrase: 'retirez moi de votre liste',
      language: 'FR',
    });
  });

  it.each([undefined, '', ' ', '👍', '12345', '.'])('says nothing of %j', (text) => {
    expect(readSuspicion(text)).toBeNull();
  });

  it('hides behind no decoration', () => {
    for (const text of [
      '🛑',
      'ＳＴＯＰ texting me',
      's\u200bt\u200bo\u200bp texting me',
      'St0p texting me',
      'STOP‼️ texting me',
    ]) {
      expect([text, isSuspected(text)]).toEqual([text, true]);
    }
  });
});
