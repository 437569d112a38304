import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dockerfileFaults } from '../../support/deploy/dockerfile-rules.js';

const text = readFileSync('Dockerfile', 'utf8');
const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  devDependencies: { node: string };
};
const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
const repository = {
  context: new Set(ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1))),
  exists: existsSync,
  node: devDependencies.node,
};

describe('Dockerfile', () => {
  it('keeps the rules, and its context holds what it copies', () => {
    expect(ignored).toContain('*');
    expect(dockerfileFaults(text, repository)).toEqual([]);
  });

  it.each([
    ['USER 1000:1000\n', '', 'runs as root'],
    ['USER 1000:1000', 'USER root', 'runs as root'],
    [/@sha256:\w+/, '', 'not pinned by tag and digest'],
    ['node:24.21.0-', 'node:22.21.0-', 'is not Node 24.21.0'],
    ['-bookworm-slim', '-alpine', 'has no glibc'],
    ['ENTRYPOINT ["node", "--enable-source-maps"]', 'ENTRYPOINT node', 'signals would reach a shell'],
    ['COPY domain ./domain', 'COPY domains ./domain', 'there is no domains'],
    ['COPY domain ./domain', 'COPY docs ./docs', '.dockerignore keeps docs out'],
    ['COPY api ./api\n', '', '.dockerignore lets api in for nothing'],
    ['COPY api', 'ADD api', 'COPY does what it says'],
    ['["node", "-e", "fetch(', '["curl", "(', 'HEALTHCHECK: by node'],
    ['STOPSIGNAL SIGTERM\n', '', 'STOPSIGNAL: none'],
    ['npm ci --ignore-scripts', 'npm install --ignore-scripts', 'installs what the lock says'],
    ['--omit=dev ', '', 'no npm ci --omit=dev'],
    ['WORKDIR /app', 'WORKDIRS /app', 'Unknown instruction'],
    ['EXPOSE 8080', 'EXPOSE web', 'Invalid containerPort'],
    ['--interval=5s', '--interval=5', 'missing unit'],
  ])('a planted %s is seen when it is %s', (from, to, fault) => {
    const planted = text.replace(from, to);
    expect(planted).not.toBe(text);
    expect(dockerfileFaults(planted, repository).join('\n')).toContain(fault);
  });
});
