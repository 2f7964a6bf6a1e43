import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from '../../channels/slack/simulator/member.ts';
import { openSimulator, type Simulator } from '../../channels/slack/simulator.ts';
import { ParleyError } from '../errors.ts';
import { deedOf } from './agents-deeds.ts';
import { channelView, membersView } from './agents-view.ts';
import { reference } from './platform.ts';
import type { ChannelView, DeskAct, DeskView } from './protocol.ts';

/** Who works at the desk of the demo: its name in `parley.yaml`, and what colleagues call it. */
export interface Colleague {
  readonly name: string;
  readonly shown: string;
}

export interface AgentsOptions {
  readonly colleagues: readonly Colleague[];
  /** Channels of the workspace and the queues that stand in them. The first one takes all that has none. */
  readonly channels: Readonly<Record<string, readonly string[]>>;
  /** Where the bot takes what Slack calls with. */
  readonly webhook: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly ids: number;
  readonly secret: () => string;
}

/** A workspace of Slack in which the agents of the demo sit. What the page is shown is what went over the wire. */
export interface Agents {
  /** For the bot: the workspace and its secrets, and who is who there. */
  readonly slack: {
    readonly settings: {
      readonly bot_token: string;
      readonly receive: 'webhook';
      readonly signing_secret: string;
      readonly queues: Readonly<Record<string, string>>;
      readonly fallback: string;
      readonly reply_mode: 'claimed';
      readonly api_root: string;
    };
    readonly agents: Readonly<Record<string, string>>;
  };
  readonly environment: Readonly<Record<string, string>>;
  readonly view: DeskView;
  readonly channels: readonly ChannelView[];
  /** @throws `playground.unknown_agent`, `playground.desk_down`, `playground.gone`, `playground.unknown_fault` */
  act(act: DeskAct): Promise<void>;
  /** What was shared in the workspace. */
  file(id: string): { readonly type: string; readonly bytes: Uint8Array } | undefined;
  close(): Promise<void>;
}

const TOKEN = 'PLAYGROUND_DESK_TOKEN';
const SECRET = 'PLAYGROUND_DESK_SECRET';
/** Milliseconds of the workspace's clock. */
const REST = 10 * 60_000;
/** Milliseconds in which changes are told together. */
const TOGETHER = 30;

/** @param changed told when something can be seen that could not be seen before */
export async function openAgents(options: AgentsOptions, changed: () => void): Promise<Agents> {
  const { colleagues, now, ids } = options;
  const [botToken, signingSecret] = [`xoxb-${options.secret()}`, options.secret()];
  const slack = await openSimulator({ now, ids, botToken, signingSecret, enforceRates: true, sleep: pause });
  slack.deliveries.setWebhook(options.webhook);
  const members = new Map(colleagues.map((colleague) => [colleague.name, memberOf(slack, colleague)]));
  const places = Object.entries(options.channels).map(([name, queues]) => ({
    queues,
    channel: slack.channel(name, ...members.values()),
  }));
  const [first] = places;
  if (first === undefined) throw new ParleyError('playground.no_channel', 'A workspace without a channel is no desk.');
  const mistakes = new Map<string, Readonly<Record<string, string>>>();
  let restsUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  slack.watch(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed();
    }, TOGETHER).unref();
  });

  async function act({ agent, deed }: DeskAct): Promise<void> {
    if (deed.do === 'break') return fail(deed.fault);
    const member = members.get(agent);
    if (member === undefined) throw new ParleyError('playground.unknown_agent', `Nobody at the desk is "${agent}".`);
    if (now() < restsUntil)
      throw new ParleyError('playground.desk_down', 'Slack is down: nothing can be done there.', {
        hint: 'Let ten minutes pass, or sit down at /console/desk.',
      });
    mistakes.delete(agent);
    const found = await deedOf(slack, member, deed);
    // One delivery, with what was to go wrong with it.
    slack.deliveries.mischief.duplicate = false;
    if (Object.keys(found).length > 0) mistakes.set(agent, found);
    changed();
  }

  function fail(fault: string): void {
    switch (fault) {
      case 'flood':
        return slack.fail({ kind: 'flood', retryAfter: 5 }, 'chat.postMessage');
      case 'drop':
        return slack.fail({ kind: 'drop' }, 'chat.postMessage');
      case 'duplicate':
        slack.deliveries.mischief.duplicate = true;
        return;
      case 'rest':
        restsUntil = now() + REST;
        slack.rest(restsUntil);
        return changed();
      default:
        throw new ParleyError('playground.unknown_fault', `"${fault}" cannot go wrong there.`, {
          hint: `What can: ${FAULTS.join(', ')}.`,
        });
    }
  }

  return {
    slack: {
      settings: {
        bot_token: reference(TOKEN),
        receive: 'webhook',
        signing_secret: reference(SECRET),
        queues: Object.fromEntries(places.flatMap(({ queues, channel }) => queues.map((queue) => [queue, channel.id]))),
        fallback: first.channel.id,
        reply_mode: 'claimed',
        api_root: slack.url,
      },
      agents: Object.fromEntries([...members].map(([name, { user }]) => [name, user.id])),
    },
    environment: { [TOKEN]: botToken, [SECRET]: signingSecret },
    get view() {
      return {
        app: slack.workspace.app.user,
        faults: FAULTS,
        members: membersView(members, mistakes),
        ...(now() < restsUntil && { restsUntil }),
      };
    },
    get channels() {
      return places.map(({ channel }) => channelView(channel));
    },
    act,
    file(id) {
      const file = slack.workspace.files.get(id);
      return file && { type: file.mimetype, bytes: file.bytes };
    },
    async close() {
      clearTimeout(timer);
      await slack.close();
    },
  };
}

/** A delivery that is to be tried again keeps nobody from ending. */
function pause(milliseconds: number): Promise<void> {
  return sleep(milliseconds, undefined, { ref: false });
}

const FAULTS: readonly string[] = ['flood', 'drop', 'duplicate', 'rest'];

function memberOf(slack: Simulator, { name, shown }: Colleague): Member {
  return slack.member({ name, real_name: shown, locale: 'en-US' });
}
