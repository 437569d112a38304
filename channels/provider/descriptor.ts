import type { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import type { ProviderName, SettingsOf } from '../../domain/schemas/provider-settings.js';
import type { HttpSender } from '../../http-client/http-sender.js';
import type { Channel } from '../channel.js';
import type { TokenSource } from '../client-token.js';
import type { SlotPool } from '../slot-pool.js';
import type { ProviderAnswer } from './answer.js';
import type { AppSecrets } from './app-secrets.js';
import type { ProviderChallenge, ProviderReading, ProviderRefusal, ProviderRequest } from './news.js';

/**
 * All that the house knows of one provider; everything else asks it. Methods get what the ledger keeps of the app's
 * settings (see domain/schemas/providers), or what `inbound.open` made of it.
 */
export interface Provider<
  P extends ProviderName = ProviderName,
  Wire extends z.ZodObject<z.ZodRawShape> = z.ZodObject<z.ZodRawShape>,
  Inbound = unknown,
> {
  readonly name: P;
  readonly settings: ProviderSettings<P, Wire>;
  readonly inbound: ProviderInbound<P, Inbound>;
  /** How an app's messages leave through it. @throws what opening a secret throws */
  openChannel(settings: SettingsOf<P>, opening: Opening, parts: ChannelParts): Channel;
}

/** Settings of type P as an admin sees and changes them. */
export interface ProviderSettings<P extends ProviderName, Wire extends z.ZodObject<z.ZodRawShape>> {
  /** All fields, strict, `type` included. A field that another provider has too takes the same values there. */
  readonly wire: Wire;
  /** Fields that name where requests of ours go. */
  readonly targets: readonly (keyof z.output<Wire> & string)[];
  /** As they are shown: secrets masked. */
  show(settings: SettingsOf<P>): z.input<Wire>;
  /**
   * The settings that a PATCH makes of those that stand. A secret that is absent or masked stays, and is never sent
   * to another host than before.
   * @param before undefined where the app was on another channel
   * @throws InvalidSetting
   */
  patch(before: SettingsOf<P> | undefined, given: PatchOf<Wire>, seal: AppSecrets): SettingsOf<P>;
}

/** What a PATCH names, each field checked on its own. */
export type PatchOf<Wire extends z.ZodObject<z.ZodRawShape>> = {
  readonly [K in Exclude<keyof z.output<Wire>, 'type'>]?: z.output<Wire>[K] | undefined;
};

/** What comes in from it, to `inbound/{provider}` of an app. */
export interface ProviderInbound<P extends ProviderName, Inbound> {
  /** What requests are checked against. @throws what opening a secret throws */
  open(settings: SettingsOf<P>, opening: Opening): Inbound;
  /** @returns why a POST is not genuine; null where it is, and only then it is read */
  verify(inbound: Inbound, request: ProviderRequest): ProviderRefusal | null;
  read(inbound: Inbound, request: ProviderRequest): ProviderReading;
  /** Answers a GET, by which a provider makes sure that the URL is ours. Absent where it makes none. */
  challenge?(inbound: Inbound, request: ProviderRequest): ProviderChallenge;
  /** Sent once the ledger has all that a POST told. */
  readonly answer: ProviderAnswer;
}

/** The app that settings are opened for. */
export interface Opening {
  readonly appId: string;
  /** Where the world reaches us, without a slash at the end; null where nobody outside does. */
  readonly publicUrl: string | null;
  /** Opens. */
  readonly secrets: AppSecrets;
}

/** What a channel works with. */
export interface ChannelParts {
  readonly http: HttpSender;
  readonly clock: Clock;
  /** A fresh value for each request, e.g. a ULID. */
  readonly newNonce: () => string;
  /** The app's own. */
  readonly slots: SlotPool;
  readonly tokens: TokenSource;
}

/** A POST is read only once it is known to be genuine. */
export function readVerified<Inbound>(
  provider: Pick<ProviderInbound<ProviderName, Inbound>, 'verify' | 'read'>,
  inbound: Inbound,
  request: ProviderRequest,
): ProviderReading {
  return provider.verify(inbound, request) ?? provider.read(inbound, request);
}
