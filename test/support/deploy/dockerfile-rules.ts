import { DockerfileParser, type Dockerfile, type Instruction, type JSONInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';

/** What the rules need to know of the repository. */
interface Repository {
  /** Paths that `.dockerignore` lets into the context. */
  readonly context: ReadonlySet<string>;
  readonly exists: (path: string) => boolean;
  /** Version of Node that the repository is run with. */
  readonly node: string;
}

const PINNED = /^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/;
const NUMERIC_USER = /^[1-9]\d*:[1-9]\d*$/;

const argumentsOf = (instruction: Instruction): string => instruction.getArgumentsContent() ?? '';
const all = (file: Dockerfile, keyword: string): Instruction[] =>
  file.getInstructions().filter((instruction) => instruction.getKeyword() === keyword);

function baseFaults(file: Dockerfile, { node }: Repository): string[] {
  const stages = new Set(file.getFROMs().flatMap((from) => from.getBuildStage() ?? []));
  const images = file.getFROMs().flatMap((from) => from.getImage() ?? []);
  const foreign = images.filter((image) => !stages.has(image));
  return [
    ...foreign
      .filter((image) => !PINNED.test(image))
      .map((image) => `${image} is not pinned by tag and digest`),
    ...foreign
      .filter((image) => image.startsWith('node:') && !image.startsWith(`node:${node}-`))
      .map((image) => `${image} is not Node ${node} of package.json`),
    ...foreign.filter((image) => image.includes('alpine')).map((image) => `${image} has no glibc`),
  ];
}

function copyFaults(file: Dockerfile, { context, exists }: Repository): string[] {
  const fromContext = file.getCOPYs().filter((copy) => copy.getFromFlag() === null);
  const sources = fromContext.flatMap((copy) => argumentsOf(copy).split(/\s+/).slice(0, -1));
  return [
    ...sources.filter((path) => !exists(path)).map((path) => `COPY: there is no ${path}`),
    ...sources.filter((path) => !context.has(path)).map((path) => `COPY: .dockerignore keeps ${path} out`),
    ...[...context]
      .filter((path) => !sources.includes(path))
      .map((path) => `.dockerignore lets ${path} in for nothing`),
    ...all(file, 'ADD').map(() => 'ADD: COPY does what it says'),
  ];
}

function finalFaults(file: Dockerfile): string[] {
  const lastFrom = file.getFROMs().at(-1)?.getRange().start.line ?? 0;
  const last = file.getInstructions().filter((instruction) => instruction.getRange().start.line > lastFrom);
  const only = (keyword: string): Instruction | undefined =>
    last.filter((instruction) => instruction.getKeyword() === keyword).at(-1);
  const isJson = (keyword: string): boolean =>
    ((only(keyword) as JSONInstruction | undefined)?.getJSONStrings() ?? []).length > 0;
  const user = only('USER');
  const check = only('HEALTHCHECK');
  return [
    ...(user !== undefined && NUMERIC_USER.test(argumentsOf(user))
      ? []
      : ['the last stage runs as root or by name']),
    ...(['ENTRYPOINT', 'CMD'] as const)
      .filter((keyword) => !isJson(keyword))
      .map((keyword) => `${keyword}: not in exec form, signals would reach a shell`),
    ...(check === undefined || /\bcurl\b|\bwget\b/.test(argumentsOf(check)) ? ['HEALTHCHECK: by node'] : []),
    ...(only('STOPSIGNAL') === undefined ? ['STOPSIGNAL: none'] : []),
  ];
}

function installFaults(file: Dockerfile): string[] {
  const commands = all(file, 'RUN').map(argumentsOf);
  const installs = commands.filter((command) => /\bnpm (ci|i|install)\b/.test(command));
  return [
    ...installs
      .filter((command) => !command.includes('npm ci'))
      .map(() => 'RUN: npm ci installs what the lock says'),
    ...(installs.some((command) => command.includes('--omit=dev')) ? [] : ['RUN: no npm ci --omit=dev']),
    ...commands.filter((command) => /\bsudo\b/.test(command)).map(() => 'RUN: no sudo'),
  ];
}

/** What is wrong with a Dockerfile: what its linter says, and what we ask of ours. */
export function dockerfileFaults(text: string, repository: Repository): string[] {
  const file = DockerfileParser.parse(text);
  return [
    ...validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${JSON.stringify(message)}`),
    ...baseFaults(file, repository),
    ...copyFaults(file, repository),
    ...finalFaults(file),
    ...installFaults(file),
  ];
}
