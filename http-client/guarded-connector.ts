import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.js';
import { isPublicOrigin } from './target-check.js';
import type { HostLookup } from './host-lookup.js';

/** TCP and TLS together may take so long. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Thrown where no connection was made, because an address of the target may not be reached. */
export class AddressBlocked extends Error {
  override readonly name = 'AddressBlocked';
  readonly code = 'ADDRESS_BLOCKED';
}

export interface ConnectorOptions {
  readonly guard: AddressGuard;
  readonly lookup: HostLookup;
  /** Certificate authorities beside the system's, PEM. */
  readonly ca?: string;
}

/**
 * Connects only to addresses that the guard passes. Literal addresses are checked here, because Node asks no
 * look-up for them; of a name every address has to pass, and only those are dialled, so that a second answer of
 * the name server changes nothing. The name stays in SNI and `Host`.
 */
export function createGuardedConnector(options: ConnectorOptions): buildConnector.connector {
  const toPublic = baseConnector(options, false);
  const toListed = baseConnector(options, true);
  return (target, callback) => {
    const listedOnly = !isPublicOrigin(target.protocol, target.port);
    const { hostname } = target;
    if (isIP(hostname) !== 0 && !passes(options.guard, hostname, listedOnly)) {
      callback(new AddressBlocked('literal address'), null);
      return;
    }
    const connect = listedOnly ? toListed : toPublic;
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
      } else if (!passes(options.guard, socket.remoteAddress ?? '', listedOnly)) {
        socket.destroy();
        callback(new AddressBlocked('connected address'), null);
      } else {
        callback(null, socket);
      }
    });
  };
}

function baseConnector(
  { guard, lookup, ca }: ConnectorOptions,
  listedOnly: boolean,
): buildConnector.connector {
  return buildConnector({
    allowH2: false,
    timeout: CONNECT_TIMEOUT_MS,
    lookup: vetted(guard, lookup, listedOnly),
    ...(ca === undefined ? {} : { ca }),
  });
}

/** Makes the look-up that Node asks for names. */
function vetted(guard: AddressGuard, lookup: HostLookup, listedOnly: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => passes(guard, address, listedOnly))) {
          callback(new AddressBlocked('resolved address'), '');
        } else if (options.all === true) {
          callback(null, [...addresses]);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error('look-up failed'), '');
      },
    );
  };
}

function passes(guard: AddressGuard, address: string, listedOnly: boolean): boolean {
  const verdict = guard.judge(address);
  return verdict === 'listed' || (verdict === 'public' && !listedOnly);
}
