import { type Polling, startPolling } from '../../src/bot/polling.ts';
import type { Channel, Inbound, Message, Part } from '../../src/channel.ts';
import { CHANNELS } from '../../src/deployment/channels.ts';
import { createLog } from '../../src/log.ts';
import type { Opened } from '../../src/playground/platform.ts';
import { PLATFORMS } from '../../src/playground/platforms.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import type { PlatformAccount } from '../../src/server/intake.ts';
import { createIntake } from '../../src/server/intake.ts';
import type { Phone } from '../../src/simulator.ts';
import { openMemory } from '../../src/store/memory.ts';
import { scratch, until } from '../journeys/process.ts';
import { type Door, openDoor } from '../server/door.ts';

/** Kinds of channels whose platforms carry our words: those of the others fetch them from our own server. */
export const CARRIED = (
  await Promise.all(Object.entries(CHANNELS).map(async ([kind, load]) => ((await load()).send ? [kind] : [])))
).flat();

const LIMITS = { size: 1_000_000, total: 10_000_000 };

/**
 * A channel between its platform's stand-in and our own door, over real sockets, with nobody in the middle: what is said is planned and
 * sent; what the person does arrives in {@link Line.heard}.
 */
export class Line {
  readonly channel: Channel;
  readonly settings: unknown;
  readonly opened: Opened;
  readonly phone: Phone;
  readonly #door: Door;
  readonly #polling: Polling;
  readonly #clock: { ahead: number };
  #keys = 0;

  private constructor(parts: {
    account: PlatformAccount;
    opened: Opened;
    phone: Phone;
    door: Door;
    polling: Polling;
    clock: { ahead: number };
  }) {
    this.channel = parts.account.channel;
    this.settings = parts.account.settings;
    this.opened = parts.opened;
    this.phone = parts.phone;
    this.#door = parts.door;
    this.#polling = parts.polling;
    this.#clock = parts.clock;
  }

  /** @param given settings of the account beside those of the stand-in */
  static async open(kind: string, given: object = {}): Promise<Line> {
    const clock = { ahead: 0 };
    const now = () => Date.now() + clock.ahead;
    const webhooks = new Map<string, PlatformAccount>();
    let polling: Polling | undefined;
    const nudge = (name: string, part: Part) => polling?.nudge(name, part);
    const door = await openDoor({}, { webhooks, nudge, clock: now });

    const opened = await openPlatform(kind, `${door.url}/channels/${kind}`, now);
    const channel = withoutWaiting(await load(kind));
    const account = {
      name: kind,
      channel,
      settings: channel.settings({ ...opened.account, ...given }, opened.environment),
    };
    webhooks.set(kind, account);
    const log = await createLog({ pretty: false, write: () => undefined });
    const intake = createIntake({ engine: door.engine, files: createFileStore(scratch()), limits: LIMITS, log });
    const accounts = channel.receives?.(account.settings) === 'nudged' ? [account] : [];
    polling = startPolling({ accounts, intake, cursors: openMemory(), report: door.engine.report, log });

    await opened.connect?.();
    const phone = opened.simulator.phone({ name: '李伟', locale: 'en', number: '+14155552671' });
    const line = new Line({ account, opened, phone, door, polling, clock });
    await phone.open?.();
    await line.writes('hello');
    return line;
  }

  /** What has come in from her, in order. */
  get heard(): readonly Inbound[] {
    return this.#door.engine.inbox;
  }

  /** She writes, and it has arrived: whatever counts since then begins anew. */
  async writes(text: string): Promise<Inbound> {
    return this.#arrival(() => this.phone.write(text));
  }

  async taps(...tap: Parameters<Phone['tap']>): Promise<Inbound> {
    return this.#arrival(() => this.phone.tap(...tap));
  }

  plan(messages: readonly Message[], locale = 'en'): readonly Part[] {
    return this.channel.plan(messages, { locale, settings: this.settings });
  }

  /** Plans and sends, at a pace that no platform minds. */
  async say(message: Message, locale = 'en'): Promise<readonly Part[]> {
    const parts = this.plan([message], locale);
    for (const part of parts) {
      // A minute and her own words: no rate and no window is in the way.
      this.#clock.ahead += 60_000;
      if (this.channel.can.window !== undefined) await this.writes('go on');
      await this.send(part);
    }
    return parts;
  }

  async send(part: Part, key = `line.${this.#keys++}`): Promise<void> {
    const { address } = this.phone;
    const signal = AbortSignal.timeout(10_000);
    await this.channel.send?.(part, { settings: this.settings, address, key, signal });
  }

  async close(): Promise<void> {
    await this.opened.simulator.close();
    await this.#polling.end();
    await this.#door.close();
  }

  async #arrival(act: () => Promise<void>): Promise<Inbound> {
    const before = this.heard.length;
    await act();
    await until(
      () => this.heard.length > before,
      () => `what she does, on ${this.channel.kind}`,
    );
    return this.heard.at(-1) as Inbound;
  }
}

async function load(kind: string): Promise<Channel> {
  const channel = await CHANNELS[kind]?.();
  if (channel === undefined) throw new Error(`There is no channel ${kind}.`);
  return channel;
}

async function openPlatform(kind: string, webhook: string, now: () => number): Promise<Opened> {
  const platform = await PLATFORMS[kind]?.();
  if (platform === undefined) throw new Error(`The playground has no stand-in for ${kind}: add one.`);
  const secret = () => 'simulatedsecretofnobody'.padEnd(48, '0');
  return platform.open({ webhook, now, ids: 1_000, secret });
}

/** Nobody answers in this house: a platform that waits for that would wait in vain. */
function withoutWaiting(channel: Channel): Channel {
  const { passive: _, ...can } = channel.can;
  return { ...channel, can };
}
