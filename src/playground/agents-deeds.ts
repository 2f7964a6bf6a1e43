import { elementsOf } from '../../channels/slack/simulator/blocks.ts';
import type { Filled, Member } from '../../channels/slack/simulator/member.ts';
import { type Channel, find, type Message, takeBack } from '../../channels/slack/simulator/workspace.ts';
import type { Simulator } from '../../channels/slack/simulator.ts';
import { ParleyError } from '../errors.ts';
import type { Deed } from './protocol.ts';

/**
 * Somebody does something in Slack, which tells the app of it. Resolves with what the app finds wrong with a form, by its blocks.
 * @throws `playground.gone`: what she touches is not there any more
 */
export async function deedOf(slack: Simulator, member: Member, deed: Deed): Promise<Readonly<Record<string, string>>> {
  switch (deed.do) {
    case 'home':
      member.openHome('home');
      break;
    case 'say': {
      const channel = channelOf(slack, deed.channel);
      member.say(deed.text, { channel, ...(deed.thread !== undefined && { thread: deed.thread }) });
      break;
    }
    case 'share': {
      const channel = channelOf(slack, deed.channel);
      const bytes = new Uint8Array(Buffer.from(deed.data, 'base64'));
      member.attach(deed.name, bytes, deed.type, deed.text, { channel, thread: deed.thread });
      break;
    }
    case 'edit': {
      const { channel, message } = messageOf(slack, deed);
      if (message.user === member.user.id) member.edit(message, deed.text, { channel });
      break;
    }
    case 'remove': {
      const { channel, message } = messageOf(slack, deed);
      if (message.user === member.user.id) takeBack(slack.workspace, channel, message);
      break;
    }
    case 'touch': {
      const { channel, message } = messageOf(slack, deed);
      const { block, element } = elementIn(message.blocks ?? [], deed);
      await member.touch(message, block, element, deed.value, { channel });
      break;
    }
    case 'touch_own': {
      const surface = deed.on === 'home' ? member.home : member.view;
      const { block, element } = elementIn(surface?.blocks ?? [], deed);
      if (surface !== undefined) await member.touchOn(surface, block, element, deed.value);
      break;
    }
    case 'shortcut': {
      const { channel, message } = messageOf(slack, deed);
      await member.shortcut(deed.shortcut, message, { channel });
      break;
    }
    case 'command':
      await command(slack, member, channelOf(slack, deed.channel), deed.text);
      break;
    case 'submit':
      if (member.view === undefined) throw gone();
      return member.submit(deed.filled as Readonly<Record<string, Filled>>);
    case 'dismiss':
      member.dismiss();
      break;
    case 'overlook': {
      const { whispers } = channelOf(slack, deed.channel);
      const at = whispers.findIndex(({ ts, user }) => ts === deed.ts && user === member.user.id);
      if (at >= 0) whispers.splice(at, 1);
      slack.workspace.changed();
    }
  }
  return {};
}

/** What the app answers, only she reads, where she has typed it. */
async function command({ workspace }: Simulator, member: Member, channel: Channel, text: string): Promise<void> {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const answer = await member.command(word, rest.join(' '), { channel });
  if (answer !== '') channel.whispers.push({ user: member.user.id, ts: workspace.nextTs(), text: answer });
  workspace.changed();
}

function channelOf({ workspace }: Simulator, id: string): Channel {
  const channel = workspace.channels.get(id);
  if (channel === undefined || channel.is_im) throw gone();
  return channel;
}

function messageOf(slack: Simulator, { channel: id, ts }: { channel: string; ts: string }) {
  const channel = channelOf(slack, id);
  const message: Message | undefined = find(channel, ts);
  if (message === undefined) throw gone();
  return { channel, message };
}

function elementIn(blocks: Parameters<typeof elementsOf>[0], { block, action }: { block: string; action: string }) {
  const found = elementsOf(blocks).find((each) => each.block.block_id === block && each.element.action_id === action);
  if (found === undefined) throw gone();
  return found;
}

function gone(): ParleyError {
  return new ParleyError('playground.gone', 'That is not there any more.', { hint: 'Look at it again, as it is now.' });
}
