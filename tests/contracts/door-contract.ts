import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Channel, Inbound, RawRequest } from '../../src/channel.ts';
import { ParleyError } from '../../src/errors.ts';
import { openDoor, type Door as Server } from '../server/door.ts';
import type { Door } from './doors.ts';

/** Secrets: in force, on its way out, and of somebody else's account. */
const [OWN, OLD, FOREIGN] = [
  'secretOfTodayWhichIsInForce0',
  'secretOfBeforeOnItsWayOut000',
  'secretOfAnybodyElsesAccount0',
];
const MINUTE = 60_000;

/** What every door promises: whoever cannot prove to be the platform changes nothing and learns nothing; what the platform repeats counts once. */
export function describeDoor(kind: string, load: () => Promise<Channel>, door: Door): void {
  describe(`${kind}'s door`, () => {
    const now = Date.now();
    let channel: Channel;
    let server: Server;
    beforeAll(async () => {
      channel = await load();
      await door.open?.();
      const { passive: _, ...can } = channel.can;
      const account = { channel: { ...channel, can }, settings: door.account([OWN, OLD]) };
      server = await openDoor({}, { webhooks: new Map([[kind, account]]), clock: () => now });
    });
    afterAll(async () => {
      await server.close();
      door.close?.();
    });

    // Words alone: what brings a file is fetched from a platform that is not there.
    const [sample = ''] = door.says === undefined ? door.samples.values() : [door.says('hello', 1)];
    const sound = (body = sample, secret = OWN, at = now) => door.call(body, secret, at);
    const verdict = async (request: RawRequest, settings = door.account([OWN])) => {
      try {
        await channel.verify?.(request, settings, now);
        return 'taken';
      } catch (error) {
        return error instanceof ParleyError ? error.code : error;
      }
    };
    /** Through the real server; what it answers, and what came in. */
    const knock = async ({ url, headers, body }: RawRequest) => {
      const before = server.engine.inbox.length;
      const answer = await fetch(server.url + url.pathname + url.search, {
        method: 'POST',
        headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
          string,
          string
        >,
        body: new Uint8Array(body),
      });
      return { status: answer.status, text: await answer.text(), taken: server.engine.inbox.slice(before) };
    };

    describe('opens', () => {
      test.each([...door.samples])('to %s', async (_, body) => {
        const request = await sound(body);
        expect(await verdict(request)).toBe('taken');
        const read = () => channel.parse?.(request, door.account([OWN])) ?? [];
        // Pure: the same bytes are the same events, under the same keys.
        expect(read()).toEqual(read());
        for (const { key, address } of read()) expect([key, address]).not.toContain('');
      });

      test('to the secret before as long as both are in force, and no longer', async () => {
        const request = await sound(sample, OLD);
        expect(await verdict(request, door.account([OWN, OLD]))).toBe('taken');
        expect(await verdict(await sound(), door.account([OWN, OLD]))).toBe('taken');
        expect(await verdict(request)).toBe('channel.unverified');
      });

      test('behind a proxy that calls us by another name', async () => {
        const request = await sound();
        const url = new URL(`http://10.0.0.7:3000${request.url.pathname}${request.url.search}`);
        expect(await verdict({ ...request, url, headers: { ...request.headers, host: '10.0.0.7:3000' } })).toBe(
          'taken',
        );
      });
    });

    describe('stays shut to a call whose proof is', () => {
      const stale = async () => (door.timed ? await sound(sample, OWN, now - 130 * MINUTE) : undefined);
      const future = async () => (door.timed ? await sound(sample, OWN, now + 130 * MINUTE) : undefined);
      const reshaped = async () => {
        const request = await sound();
        const body = Buffer.from(request.body).toString().replace(/[:=>]/, '$& ');
        return door.of === 'bytes' ? { ...request, body: new TextEncoder().encode(body) } : undefined;
      };
      const flipped = async () => {
        const request = await sound();
        const body = Uint8Array.from(request.body);
        const at = body.length >> 1;
        body[at] = (body[at] ?? 0) ^ 1;
        return door.of === 'caller' ? undefined : { ...request, body };
      };
      const cases: readonly [what: string, make: () => Promise<RawRequest | undefined>][] = [
        ['missing', async () => proving(await sound(), undefined)],
        ['empty', async () => proving(await sound(), '')],
        ['given twice', async () => twice(await sound())],
        ['wrong in one letter', async () => proving(await sound(), mistyped(proofIn(await sound())))],
        ['cut short', async () => proving(await sound(), proofIn(await sound()).slice(0, -1))],
        ['somebody else’s', async () => await sound(sample, FOREIGN)],
        ['of hours ago', stale],
        ['of hours to come', future],
        ['of a body written another way', reshaped],
        ['of a body that has changed in one bit', flipped],
      ];
      test.each(cases)('%s', async (_, make) => {
        const request = await make();
        // What this platform's proof is not of: said in the table.
        if (request === undefined) return;
        expect(await verdict(request)).toBe('channel.unverified');
        const { status, text, taken } = await knock(request);
        expect([401, 429]).toContain(status);
        expect(taken).toEqual([]);
        expect(text).not.toMatch(/secret|token|signature|expected/i);
      });

      function proofIn({ headers, url }: RawRequest): string {
        return ('header' in door.proof ? headers[door.proof.header] : url.searchParams.get(door.proof.parameter)) ?? '';
      }

      function proving(request: RawRequest, proof: string | undefined): RawRequest {
        if ('header' in door.proof) return { ...request, headers: { ...request.headers, [door.proof.header]: proof } };
        const url = new URL(request.url);
        if (proof === undefined) url.searchParams.delete(door.proof.parameter);
        else url.searchParams.set(door.proof.parameter, proof);
        return { ...request, url };
      }

      function twice(request: RawRequest): RawRequest {
        const proof = proofIn(request);
        // As Node hands over a header that came twice.
        if ('header' in door.proof) return proving(request, `${proof}, ${proof}`);
        const url = new URL(request.url);
        url.searchParams.append(door.proof.parameter, proof);
        return { ...request, url };
      }
    });

    describe('stands', () => {
      const hostile: readonly [what: string, body: string | Uint8Array][] = [
        ['that is empty', ''],
        ['that is larger than anything a platform sends', 'x'.repeat(300 * 1024)],
        ['of a hundred thousand nested lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
        ['of nested objects', '{"a":'.repeat(20_000)],
        ['that begins with a DOCTYPE', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>'],
        ['that is an entity bomb', `<!DOCTYPE x [${bomb()}]><xml>&z9;</xml>`],
        ['of 40,000 references', `<xml>${'&#65;'.repeat(40_000)}</xml>`],
        ['in another charset', Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
        ['that reaches for the prototype', '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}'],
        ['of nothing but zeros', new Uint8Array(1_000)],
      ];
      test.each(hostile)('before a body %s, proved or not', async (_, raw) => {
        const body = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw;
        const bare = await knock({ ...(await sound()), body });
        expect(bare.status).toBeLessThan(500);
        expect(bare.taken).toEqual([]);
        const signed = typeof raw === 'string' ? await proved(raw) : undefined;
        if (signed !== undefined) {
          const { status, taken } = await knock(signed);
          expect(status).toBeLessThan(500);
          expect(taken).toEqual([]);
        }
        expect((await knock(await sound())).status).toBeLessThan(300);
        expect(({} as { x?: unknown }).x).toBeUndefined();
      });

      /** Not every platform could even sign it. */
      async function proved(body: string): Promise<RawRequest | undefined> {
        try {
          return await sound(body);
        } catch {
          // Our own signer reads what it signs, and cannot read this.
          return undefined;
        }
      }
    });

    const { says } = door;
    if (says === undefined) return;

    describe('takes what is said', () => {
      let id = 1_000;
      const texts = (taken: readonly Inbound[]) =>
        taken.map(({ event }) => (event.kind === 'message' ? event.text : event.kind));

      test('once, though it comes as twins at the same moment and again after that', async () => {
        const request = await sound(says('where is my order?', ++id));
        const [one, other] = await Promise.all([knock(request), knock(request)]);
        const again = await knock(request);
        expect([one.status, other.status, again.status]).toEqual([200, 200, 200]);
        expect(
          server.engine.inbox.filter(({ event }) => event.kind === 'message' && event.text === 'where is my order?'),
        ).toHaveLength(before.length + 1);
      });
      let before: readonly unknown[] = [];
      beforeAll(() => {
        before = server.engine.inbox.filter(
          ({ event }) => event.kind === 'message' && event.text === 'where is my order?',
        );
      });

      test('in the order in which it comes, which is not always that in which it was said', async () => {
        const [first, second] = [says('first', ++id), says('second', ++id)];
        const taken = [...(await knock(await sound(second))).taken, ...(await knock(await sound(first))).taken];
        expect(texts(taken)).toEqual(['second', 'first']);
      });

      test.each([
        ['turned round', 'ab\u202Ecd\u2066e', 'abcde'],
        ['invisible', 'a\u200Bb\u{E0041}c', 'abc'],
        ['for terminals', '\u001B[31mred\u0007', '[31mred'],
        ['as it is', '我的订单到哪了 🎁 👩‍👩‍👧‍👦', '我的订单到哪了 🎁 👩‍👩‍👧‍👦'],
      ])('without letters that deceive who reads it: %s', async (_, written, read) => {
        const { status, taken } = await knock(await sound(says(written, ++id)));
        // A platform's own format may not even allow them.
        if (status >= 400) return expect(taken).toEqual([]);
        expect(texts(taken)).toEqual([read]);
      });
    });
  });
}

/** Another last letter. */
function mistyped(proof: string): string {
  const at = proof.length >> 1;
  return proof.slice(0, at) + (proof[at] === 'a' ? 'b' : 'a') + proof.slice(at + 1);
}

/** A billion laughs. */
function bomb(): string {
  const grown = Array.from({ length: 9 }, (_, index) => `<!ENTITY z${index + 1} "${`&z${index};`.repeat(10)}">`);
  return ['<!ENTITY z0 "ha">', ...grown].join('');
}
