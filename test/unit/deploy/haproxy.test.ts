import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BODY_LIMIT } from '../../../api/server/json-body.js';
import { composeOf, readComposeText } from '../../support/deploy/compose-file.js';

const lines = readFileSync('deploy/haproxy.cfg', 'utf8')
  .split('\n')
  .map((line) => line.trim());
const { services } = composeOf(readComposeText());

/** Seconds of the API's own limit for a request (`api/server/server.ts`); it is the API that is to answer. */
const API_SECONDS = 30;

/** What follows the words that a line begins with. */
const after = (words: string): string[] =>
  lines.filter((line) => line.startsWith(`${words} `)).map((line) => line.slice(words.length + 1));

describe('deploy/haproxy.cfg', () => {
  it('names every API process of docker-compose.yml, and no other', () => {
    const apis = Object.entries(services).filter(([, { command }]) => command[0] === 'dist/bin/api.js');
    expect(after('server')).toEqual(apis.map(([name]) => `${name} ${name}:8080`));
  });

  it('keeps a project with one process, by the project in the path', () => {
    expect(after('balance')).toEqual(['hash path,field(4,/),url_dec']);
    expect('/v1/projects/demo/messages:send'.split('/')[4 - 1]).toBe('demo');
    expect(after('hash-type')).toEqual(['consistent']);
  });

  it('sends a request to another process only when none had it', () => {
    expect(after('retry-on')).toEqual(['conn-failure']);
    expect(lines).toContain('option redispatch 1');
    expect(lines).toContain('option http-server-close');
  });

  it('has the limits of the API, and waits longer than it does', () => {
    const refused = after('http-request return status 413');
    expect(refused).toEqual([expect.stringContaining(`gt ${String(BODY_LIMIT)} }`)]);
    const seconds = ['client', 'server'].map((side) => parseInt(after(`timeout ${side}`)[0] ?? '', 10));
    expect(Math.min(...seconds)).toBeGreaterThan(API_SECONDS);
  });

  it('logs nothing of a URL, which can hold a phone number', () => {
    const [format = ''] = after('log-format');
    const logged = Array.from(format.matchAll(/%(\w+)/g), ([, name]) => name);
    expect(logged).toEqual(['ci', 'cp', 'b', 's', 'HM', 'ST', 'TR', 'Tw', 'Tc', 'Tr', 'Ta', 'B', 'tsc']);
    expect(format).not.toMatch(/[[{]/);
    expect(lines.filter((line) => /^option (httplog|httpslog)|^capture /.test(line))).toEqual([]);
  });

  it('answers its own faults in the envelope of the API', () => {
    const bodies = lines.flatMap((line) => /string '(\{.*\})'/.exec(line)?.[1] ?? []);
    expect(bodies).toHaveLength(4);
    for (const body of bodies) {
      expect(JSON.parse(body)).toEqual({
        error: {
          code: expect.any(Number) as number,
          message: expect.any(String) as string,
          status: expect.any(String) as string,
          details: [],
        },
      });
    }
  });
});
