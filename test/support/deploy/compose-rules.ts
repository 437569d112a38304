import { withDefaults, type ComposeFile, type ComposeService } from './compose-file.js';

/** What the rules need to know of the repository. */
interface Repository {
  /** Names of environment variables that our programs read. */
  readonly variables: ReadonlySet<string>;
  /** Whether a file or folder of the repository is there. */
  readonly exists: (path: string) => boolean;
  /** Whether our image has a health check of its own. */
  readonly imageHasHealthCheck: boolean;
}

const PINNED = /^[\w./-]+:(?!latest\b)[\w.-]+(@sha256:[0-9a-f]{64})?$/;

/** Services that run our image. */
export function ourServices({ services }: ComposeFile): [string, ComposeService][] {
  return Object.entries(services).filter(([, { build }]) => build !== undefined);
}

/** Host side of a mount; whether it is a path of the repository. */
const sourceOf = (volume: string) => ({
  source: volume.split(':')[0] ?? '',
  isPath: volume.startsWith('.') || volume.startsWith('/'),
});

function imageFaults({ image = '' }: ComposeService): string[] {
  return PINNED.test(image) ? [] : [`image ${image} is not pinned to a version`];
}

function portFaults({ ports }: ComposeService): string[] {
  const open = ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(withDefaults(port)));
  return open.map((port) => `port ${port} is not published on 127.0.0.1 only`);
}

function nameFaults(service: ComposeService, file: ComposeFile, exists: Repository['exists']): string[] {
  const mounts = service.volumes.map(sourceOf);
  const unknown = (what: 'networks' | 'secrets' | 'configs'): string[] =>
    service[what].filter((name) => !file[what].includes(name)).map((name) => `${what}: no ${name}`);
  return [
    ...(['networks', 'secrets', 'configs'] as const).flatMap(unknown),
    ...mounts
      .filter(({ source, isPath }) => (isPath ? !exists(source) : !file.volumes.includes(source)))
      .map(({ source }) => `volumes: no ${source}`),
    ...(service.network_mode !== undefined && service.networks.length > 0
      ? ['network_mode and networks']
      : []),
    ...(service.network_mode === undefined && service.networks.length === 0 ? ['no network is named'] : []),
  ];
}

function dependencyFaults(
  { depends_on }: ComposeService,
  { services }: ComposeFile,
  imageHasHealthCheck: boolean,
): string[] {
  return Object.entries(depends_on).flatMap(([name, { condition }]) => {
    const other = services[name];
    if (other === undefined) return [`depends_on: no ${name}`];
    const { healthcheck, build } = other;
    const hasCheck = healthcheck?.disable === false || (!healthcheck && !!build && imageHasHealthCheck);
    if (condition === 'service_healthy' && !hasCheck) return [`${name} has no health check to wait for`];
    if (condition === 'service_completed_successfully' && other.restart !== 'no')
      return [`${name} is to end, and is started again`];
    return [];
  });
}

function confinementFaults({ cap_drop, security_opt }: ComposeService): string[] {
  return [
    ...(cap_drop.includes('ALL') ? [] : ['keeps capabilities']),
    ...(security_opt.includes('no-new-privileges:true') ? [] : ['may gain privileges']),
  ];
}

function roleFaults(service: ComposeService, { variables, exists }: Repository): string[] {
  const program = service.command[0] ?? '';
  const source = program.replace(/^dist\/(.*)\.js$/, '$1.ts');
  return [
    ...(program === '--eval' || (source !== program && exists(source)) ? [] : [`no program ${program}`]),
    ...Object.keys(service.environment)
      .filter((name) => !variables.has(name))
      .map((name) => `environment: ${name} is read by nobody`),
    ...(service.read_only ? [] : ['its root file system can be written']),
  ];
}

function sharedFaults(file: ComposeFile): string[] {
  const own = ourServices(file).flatMap(([, { volumes }]) =>
    volumes.filter((volume) => volume.endsWith(':/data')),
  );
  const used = new Set(
    Object.values(file.services).flatMap(({ volumes }) => volumes.map((v) => sourceOf(v).source)),
  );
  return [
    ...own
      .filter((volume, at) => own.indexOf(volume) !== at)
      .map((volume) => `${volume} is two processes' own`),
    ...file.volumes.filter((name) => !used.has(name)).map((name) => `volumes: ${name} is used by nobody`),
  ];
}

/** What is wrong with a compose file beyond what its schema can say, each with the service at fault. */
export function composeFaults(file: ComposeFile, repository: Repository): string[] {
  const ours = new Set(ourServices(file).map(([name]) => name));
  const faults = Object.entries(file.services).flatMap(([name, service]) =>
    [
      ...imageFaults(service),
      ...portFaults(service),
      ...nameFaults(service, file, repository.exists),
      ...dependencyFaults(service, file, repository.imageHasHealthCheck),
      ...confinementFaults(service),
      ...(ours.has(name) ? roleFaults(service, repository) : []),
    ].map((fault) => `${name}: ${fault}`),
  );
  return [...faults, ...sharedFaults(file)];
}
