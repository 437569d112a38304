import { describe, expect, it } from 'vitest';
import { createPhraseIndex } from '../../../../domain/suspicion/phrase-index.js';
import { wordLine } from '../../../../domain/suspicion/word-line.js';

const groups = { texts: 'texts?|messages?' };
const finds = (phrase: string, text: string): boolean =>
  createPhraseIndex([phrase], groups).find(wordLine(text, 'join')) !== null;

describe('a phrase', () => {
  it.each([
    ['stop|quit @texts', 'please quit texts', true],
    ['stop|quit @texts', 'quit it', false],
    ['do_not text', 'Do not text', true],
    ['stop [the] @texts', 'stop messages', true],
    ['stop [the] @texts', 'stop the messages', true],
    ['stop ~2 @texts', 'stop all those texts', true],
    ['stop ~2 @texts', 'stop all of those texts', false],
    ['stop ~2 @texts', 'stop. No texts', false],
    ['^ stop', 'stop now', true],
    ['^ stop', 'Hm. Stop now', true],
    ['^ stop', 'we stop now', false],
    ['stop $', 'please stop', true],
    ['stop $', 'please stop, thanks', true],
    ['stop $', 'stop it', false],
    [String.raw`arret\w+ ça`, 'arretez', false],
    [String.raw`arret\w+`, 'Arrêtez', true],
  ])('%s in %j: %s', (phrase, text, expected) => {
    expect(finds(phrase, text)).toBe(expected);
  });

  it('is taken out, and leaves a pause', () => {
    const index = createPhraseIndex(['not stop', 'never'], groups);
    expect(index.without(wordLine('do not stop texts, never ever', 'join'))).toBe(
      ' . do , texts , , ever . ',
    );
  });

  it('that names no known group is refused', () => {
    expect(() => createPhraseIndex(['stop @nothing'], groups)).toThrow('@nothing');
  });
});

describe('a line of words', () => {
  it.each([
    ["Don't   STOP!!", ' . dont stop . '],
    ['a, b; c', ' . a , b . c . '],
    ['St0p it at 10', ' . stop it at 10 . '],
    ['STOOOOP', ' . stop . '],
    ['please s t o p', ' . please stop . '],
    ['', ' . '],
  ])('%j is %j', (text, line) => {
    expect(wordLine(text, 'join')).toBe(line);
  });

  it('splits where French elides', () => {
    expect(wordLine("m'envoyer", 'split')).toBe(' . m envoyer . ');
  });
});
