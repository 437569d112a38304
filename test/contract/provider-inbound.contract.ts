import { describe, expect, it } from 'vitest';
import type { ProviderWorld } from '../worlds/provider-world.js';
import type { ProviderUnderTest, Signing, Told } from './provider-support.js';

let phones = 0;
let ids = 0;
const nextPhone = (): string => `4670${String((phones += 1)).padStart(7, '0')}`;
const said = (text: string, identity = nextPhone()) => {
  const id = `m-${String((ids += 1))}`;
  return { id, identity, text };
};

/** What a provider posts and asks, and what becomes of it. */
export function describeProviderInbound(underTest: ProviderUnderTest, world: () => ProviderWorld): void {
  const { settings, signedWith, signedBefore, signatureLasts, tellsSeveral, challenge } = underTest;
  const newApp = (): Promise<string> => world().newApp(settings);
  const signing = (appId: string, more: Partial<Signing> = {}): Signing => ({
    ...{ secret: settings[signedWith] ?? '', nowMs: world().api.clock.now(), url: world().urlOf(appId) },
    ...more,
  });
  const tell = (appId: string, told: Told, more: Partial<Signing> = {}): Promise<number> =>
    world().post(appId, underTest.write(told, signing(appId, more)));

  describe('what comes in', () => {
    it('counts without sign-in once it is answered, and again it changes nothing', async () => {
      const appId = await newApp();
      const stop = { said: [said('STOP')] };
      expect(await tell(appId, stop)).toBe(200);
      expect(await world().told(appId)).toEqual(['message-received STOP', 'opted-out']);
      expect(await tell(appId, stop)).toBe(200);
      expect(await world().told(appId)).toHaveLength(2);
    });

    it('is refused where it is not signed, or signed with a secret that nobody knows', async () => {
      const appId = await newApp();
      const { headers, body } = underTest.write({ said: [said('STOP')] }, signing(appId));
      const bare = { 'content-type': headers['content-type'] ?? '' };
      expect(await world().post(appId, { headers: bare, body })).toBe(401);
      expect(await tell(appId, { said: [said('STOP')] }, { secret: 'guessed' })).toBe(401);
      expect(await tell(appId, { said: [said('STOP')] }, { secret: '' })).toBe(401);
      expect(await world().told(appId)).toEqual([]);
    });

    it('is refused where another body was signed', async () => {
      const appId = await newApp();
      const { headers } = underTest.write({ said: [said('hello')] }, signing(appId));
      const { body } = underTest.write({ said: [said('STOP')] }, signing(appId));
      expect(await world().post(appId, { headers, body })).toBe(401);
      expect(await world().told(appId)).toEqual([]);
    });

    it.skipIf(signatureLasts === null)(
      'is refused where it was signed too long ago, or too far ahead',
      async () => {
        const appId = await newApp();
        const now = world().api.clock.now();
        const past = ((signatureLasts ?? 0) + 2) * 1_000;
        for (const nowMs of [now - past, now + past])
          expect(await tell(appId, { said: [said('STOP')] }, { nowMs })).toBe(401);
        expect(await tell(appId, { said: [said('STOP')] }, { nowMs: now - past + 4_000 })).toBe(200);
      },
    );

    it('is refused, by field and never by value, where it is not as documented', async () => {
      const appId = await newApp();
      expect(await world().post(appId, underTest.writeNonsense(signing(appId)))).toBe(400);
      expect(await world().told(appId)).toEqual([]);
    });

    it('does not reach an app on another channel', async () => {
      const appId = await newApp();
      await world().patch(appId, { type: 'simulator' });
      expect(await tell(appId, { said: [said('STOP')] })).toBe(404);
    });

    it('may be signed with the secret before, until that is taken away', async () => {
      const appId = await newApp();
      const secret = 'the next secret';
      // A new secret where requests go out too may have to come with the host that gets it, which stays here.
      expect((await world().patch(appId, { [signedWith]: secret })).status).toBe(200);
      expect(await tell(appId, { said: [said('hi')] })).toBe(200);
      expect(await tell(appId, { said: [said('hi')] }, { secret })).toBe(200);
      await world().patch(appId, { [signedBefore]: null });
      expect(await tell(appId, { said: [said('hi')] })).toBe(401);
      expect(await tell(appId, { said: [said('hi')] }, { secret })).toBe(200);
    });

    it('is answered only once the ledger has it; delivered again it counts once', async () => {
      const appId = await newApp();
      const stop = { said: [said('STOP')] };
      world().failFrom(1);
      expect(await tell(appId, stop)).toBe(503);
      world().failFrom(null);
      expect(await tell(appId, stop)).toBe(200);
      expect(await world().told(appId)).toEqual(['message-received STOP', 'opted-out']);
    });

    it('brings receipts of what was sent, each once, and others are acknowledged', async () => {
      const appId = await newApp();
      const { messageId, result } = await world().send(appId, nextPhone());
      expect(result).toMatchObject({ as: 'dispatched' });
      const reported = [{ ours: messageId, status: 'DELIVERED' as const }];
      expect(await tell(appId, { reported })).toBe(200);
      expect(await tell(appId, { reported })).toBe(200);
      const told = await world().told(appId);
      expect(told.filter((one) => one === 'message-reported DELIVERED')).toHaveLength(1);
      const others = [{ ours: '01ARZ3NDEKTSV4RRFFQ69G5FAV', status: 'DELIVERED' as const }];
      expect(await tell(appId, { reported: others })).toBe(200);
      expect(await world().told(appId)).toEqual(told);
    });
  });

  describe.skipIf(!tellsSeveral)('several at once', () => {
    it('are all recorded, those of one person in their order, and repeats change nothing', async () => {
      const appId = await newApp();
      const [anna, bert] = [nextPhone(), nextPhone()];
      const { messageId } = await world().send(appId, nextPhone());
      const told: Told = {
        said: [said('hello', anna), said('STOP', bert), said('STOP', anna), said('START', anna)],
        reported: [{ ours: messageId, status: 'DELIVERED' }],
      };
      const before = await world().told(appId);
      expect(await tell(appId, told)).toBe(200);
      const after = (await world().told(appId)).slice(before.length);
      expect(after.toSorted()).toEqual(
        [
          ...['message-received hello', 'message-received STOP', 'opted-out', 'message-received STOP'],
          ...['opted-out', 'message-received START', 'opted-in', 'message-reported DELIVERED'],
        ].toSorted(),
      );
      expect(after.indexOf('opted-in')).toBeGreaterThan(after.indexOf('opted-out'));
      expect(await tell(appId, told)).toBe(200);
      expect((await world().told(appId)).length).toBe(before.length + after.length);
    });

    it('are not answered while one is missing; delivered again each counts once', async () => {
      const appId = await newApp();
      const person = nextPhone();
      const told = { said: [said('one', person), said('STOP', person), said('three', person)] };
      world().failFrom(2);
      expect(await tell(appId, told)).toBe(503);
      expect(await world().told(appId)).toEqual(['message-received one']);
      world().failFrom(null);
      expect(await tell(appId, told)).toBe(200);
      expect(await world().told(appId)).toEqual([
        ...['message-received one', 'message-received STOP', 'opted-out', 'message-received three'],
      ]);
    });
  });

  describe('a GET', () => {
    it.skipIf(challenge !== undefined)('is not offered', async () => {
      expect((await world().get(await newApp(), '?challenge=1')).status).toBe(501);
    });

    it.skipIf(challenge === undefined)(
      'gets back what it brought, where it knows what it was told',
      async () => {
        const appId = await newApp();
        expect(await world().get(appId, challenge?.right ?? '')).toEqual({
          status: 200,
          text: challenge?.echo,
        });
        expect((await world().get(appId, challenge?.wrong ?? '')).status).toBe(403);
        expect((await world().get(appId, '')).status).toBeGreaterThanOrEqual(400);
        await world().patch(appId, { type: 'simulator' });
        expect((await world().get(appId, challenge?.right ?? '')).status).toBe(404);
      },
    );
  });
}
