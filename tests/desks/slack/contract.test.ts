import type { Channel, Message } from '../../../channels/slack/simulator/workspace.ts';
import { openSimulator } from '../../../channels/slack/simulator.ts';
import { commandOf } from '../../../src/desks/slack/said.ts';
import { openSlackDesk } from '../../../src/desks/slack/slack-desk.ts';
import type { Head, Receipt, TaskCard } from '../../../src/handoff/desk.ts';
import { deskContract, type Seen } from '../../contracts/desk-contract.ts';
import { fakeHouse, LOG, QUICK, settingsFor } from './house.ts';

const STATES: Readonly<Record<string, Receipt['state']>> = {
  hourglass_flowing_sand: 'held',
  heavy_check_mark: 'sent',
  white_check_mark: 'delivered',
  warning: 'failed',
};

deskContract('slack', async () => {
  // Nobody hears what Slack tells here.
  const slack = await openSimulator({ sleep: async () => undefined });
  const mia = slack.member({ id: 'U0MIA', name: 'mia' });
  const tom = slack.member({ id: 'U0TOM', name: 'tom' });
  const channel = slack.channel('returns', mia, tom);
  const inner = openSlackDesk({ settings: settingsFor(slack.url, channel.id), log: LOG, pace: QUICK });
  inner.begin(fakeHouse());
  /** What the contract calls a command has the id that Slack's message gives it. */
  const commands = new Map<string, string>();
  const said = (command: string | undefined) =>
    command === undefined ? {} : { said: commands.get(command) ?? command };
  const card = (place: string) => {
    const found = channel.messages.find(
      (message) => factsOf(message).conversation === place && message.thread_ts === undefined,
    );
    if (found === undefined) throw new Error(`${place} has no card.`);
    return found;
  };

  return {
    desk: {
      ...inner,
      post: (place, post) => inner.post(place, { ...post, ...said(post.said) }),
      receipt: (place, receipt) =>
        inner.receipt(place, { ...receipt, said: commands.get(receipt.said) ?? receipt.said }),
    },
    async write(place, { agent, command, text }) {
      await inner.settled();
      const message = (agent === 'mia' ? mia : tom).say(text, { channel, thread: card(place).ts });
      commands.set(command, commandOf(channel.id, message.ts));
    },
    async seen(place) {
      await inner.settled();
      return seenIn(channel, card(place), new Map([...commands].map(([own, theirs]) => [theirs, own])));
    },
    async close() {
      await inner.stop();
      await slack.close();
    },
  };
});

/** Read from Slack alone: its messages, their blocks, their facts, and who was told what. */
function seenIn(channel: Channel, card: Message, commands: ReadonlyMap<string, string>): Seen {
  const thread = channel.messages.filter(({ thread_ts: root }) => root === card.ts);
  const { at, version, agent } = factsOf(card) as unknown as Head;
  return {
    head: { at, version, ...(agent === undefined ? {} : { agent }) },
    isOpen: at !== 'closed' && at !== 'bot',
    posts: thread.flatMap((message) => [...ownWords(message), ...sectionsOf(message, 'post')]),
    notes: thread.flatMap((message) =>
      sectionsOf(message, 'note').map(({ key, message: { text } }) => ({ key, text })),
    ),
    offers: thread.flatMap((message) => {
      const { offer, version: seen } = factsOf(message);
      return offer === undefined ? [] : [{ agent: String(offer), version: Number(seen) }];
    }),
    notices: channel.whispers
      .filter(({ thread_ts: root }) => root === card.ts)
      .map((whisper) => ({
        agent: whisper.user === 'U0MIA' ? 'mia' : 'tom',
        code: whisper.text === 'Taken by Mia.' ? 'desk.taken' : whisper.text,
      })),
    receipts: thread.flatMap(({ ts, reactions = [] }) =>
      reactions.map(({ name }) => ({
        said: commands.get(commandOf(channel.id, ts)) ?? ts,
        state: STATES[name] ?? 'unknown',
      })),
    ),
    tasks: thread.flatMap((message) => taskIn(message)),
  };
}

function factsOf({ metadata }: Pick<Message, 'metadata'>): Readonly<Record<string, unknown>> {
  const { event_payload: facts = {} } = (metadata ?? {}) as { event_payload?: Record<string, unknown> };
  return facts;
}

function sectionsOf({ blocks = [] }: Message, kind: string) {
  const lines = new Map<string, string[]>();
  for (const { block_id: id, text } of blocks) {
    const [what, key = ''] = String(id).split('|');
    if (what === kind) lines.set(key, [...(lines.get(key) ?? []), (text as { text: string }).text]);
  }
  return [...lines].map(([key, pieces]) => ({ key, from: 'customer' as const, message: { text: pieces.join('\n') } }));
}

/** What an agent has written herself. */
function ownWords({ ts, bot_id: bot, text }: Message) {
  return bot === undefined ? [{ key: ts, from: 'agent' as const, message: { text } }] : [];
}

function taskIn(message: Message): Pick<TaskCard, 'id' | 'ended'>[] {
  const { task } = factsOf(message);
  if (task === undefined) return [];
  const told = JSON.stringify(message.blocks);
  if (told.includes('desk.approve')) return [{ id: String(task) }];
  const [, how = '', by = '', note = ''] = /"(\w+) · (\w+) · ([^"]*)"/.exec(told) ?? [];
  return [{ id: String(task), ended: { how: how.toLowerCase() as 'rejected', by: by.toLowerCase(), note } }];
}
