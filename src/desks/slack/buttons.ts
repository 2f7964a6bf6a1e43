import { ParleyError } from '../../errors.ts';
import type { Happening } from '../../handoff/control.ts';
import type { Answer, Command } from '../../handoff/counter.ts';
import { tappedIn } from './card.ts';
import type { Inside } from './inside.ts';
import { mrkdwn } from './text.ts';

/** A button, by whom, and when: that makes it one command, however often Slack tells of it. */
export interface Press {
  readonly user: string;
  readonly value: string | undefined;
  readonly at: string;
  /** Absent: on the app's own page. */
  readonly channel?: string;
}

/** What a button does at once. One that shows an older version does nothing: the house tells its presser, and the card is drawn anew. */
export async function press(inside: Inside, action: string, { user, value, at, channel }: Press): Promise<void> {
  const tapped = tappedIn(value);
  const agent = inside.staff.of(user);
  if (tapped === undefined) return;
  if (agent === undefined) return tell(inside, user, channel, inside.words.no_agent.replaceAll('{user}', user));
  const { conversation, version } = tapped;
  await give(inside, user, channel, {
    conversation,
    version,
    command: `slack:${at}:${user}`,
    happening: happeningOf(action, agent),
  });
}

/** Yes or no to what a flow asks, or that a task is done. */
export async function pressTask(inside: Inside, action: string, { user, value, at }: Press): Promise<void> {
  const agent = inside.staff.of(user);
  const { conversation, task } = taskIn(value);
  if (agent === undefined || conversation === undefined || task === undefined) return;
  const outcome = action === 'desk.approve' ? 'approved' : 'rejected';
  const happening: Happening =
    action === 'desk.task_done' ? { on: 'done', agent, task } : { on: 'decided', agent, task, outcome };
  await give(inside, user, undefined, { conversation, command: `slack:${at}:${user}`, happening });
}

/** Resolves when it is done or refused; `undefined`: there is no such conversation any more. What cannot be done just now she is told at once; a refusal the house tells. */
export async function give(
  inside: Inside,
  user: string,
  channel: string | undefined,
  command: Command,
): Promise<Answer | undefined> {
  try {
    return await inside.house.give(command);
  } catch (error) {
    if (!(error instanceof ParleyError) || error.code !== 'desk.unknown_conversation') throw error;
    await tell(inside, user, channel, inside.words.no_conversation);
    return undefined;
  }
}

function happeningOf(action: string, agent: string): Happening {
  switch (action) {
    case 'desk.decline':
      return { on: 'declined', agent };
    case 'desk.hand_over':
      return { on: 'handed_over', agent };
    case 'desk.resume':
      return { on: 'resumed', agent };
    case 'desk.hold':
      return { on: 'held', agent };
    case 'desk.back':
      return { on: 'returned', agent, outcome: 'returned' };
    case 'desk.finish':
      return { on: 'finished', agent };
    default:
      return { on: 'claimed', agent };
  }
}

function taskIn(value: string | undefined): { readonly conversation?: string; readonly task?: string } {
  const { conversation, task } = JSON.parse(value ?? '{}') as Partial<Record<string, unknown>>;
  return typeof conversation === 'string' && typeof task === 'string' ? { conversation, task } : {};
}

/** Only she sees it; on the app's own page there is no place for that. */
export async function tell(
  { api, log }: Inside,
  user: string,
  channel: string | undefined,
  text: string,
): Promise<void> {
  if (channel === undefined) return;
  try {
    await api.whisper(user, { channel, text, blocks: [{ type: 'section', text: mrkdwn(text) }] });
  } catch (error) {
    log.warn('desk.slack_hint_failed', { error });
  }
}
