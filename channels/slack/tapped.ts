import { isDirect, toAddress } from './address.ts';
import { ASK, ownerOf, PICK } from './asking.ts';
import type { Action, Block, BlockActions, Element } from './payload.ts';
import type { Parsed } from './said.ts';
import type { SlackSettings } from './settings.ts';
import { opening } from './submitted.ts';
import { unescaped } from './words.ts';

/** What {@link acknowledge} needs to write what was picked in place of the buttons. */
export interface TapReceipt {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly picked: string;
}

interface Picked {
  readonly event: Parsed['event'];
  readonly label: string;
}

/**
 * A tapped button, a picked date, a list that was sent, a form that is to be opened. `undefined`: a box was ticked before the list is sent, a link was opened, or
 * in a thread somebody tapped what was offered to another.
 */
export function tapped(payload: BlockActions, { assistant }: SlackSettings): Parsed | undefined {
  const { user, channel: { id: channel } = {}, message, team, actions, state } = payload;
  const [action] = actions;
  if (channel === undefined || message?.ts === undefined || action === undefined) return undefined;
  const owner = ownerOf(action.block_id);
  if (owner !== undefined && owner !== user.id) return undefined;
  const text = unescaped(message.text ?? '');
  const thread = isDirect(channel) && !assistant ? undefined : message.thread_ts;
  const address = toAddress({
    team: team?.id ?? user.team_id ?? '',
    channel,
    user: user.id,
    ...(thread === undefined ? {} : { thread }),
  });
  const { trigger_id: trigger = '' } = payload;
  // Interactions have no event id; the moment of the tap is told to the microsecond.
  const key = `${channel}:${message.ts}:${user.id}:${action.action_id}:${action.action_ts ?? trigger}`;
  const shown = { channel, ts: message.ts, text, blocks: message.blocks ?? [] };
  if (action.action_id === ASK.form) {
    const opened = opening(action.value ?? '', { address, message: shown, trigger });
    if (opened === undefined) return undefined;
    return { address, key, event: { kind: 'form', token: opened.token }, receipt: { ...opened.receipt } };
  }
  const picked = pickedBy(action, text, state?.values ?? {});
  if (picked === undefined) return undefined;
  return { address, key, event: picked.event, receipt: { ...shown, picked: picked.label } satisfies TapReceipt };
}

function pickedBy(action: Action, text: string, state: Readonly<Record<string, Readonly<Record<string, Element>>>>) {
  if (action.action_id === ASK.date) return action.selected_date ? written(action.selected_date) : undefined;
  if (action.action_id === ASK.submit) {
    const ticked = Object.values(state).flatMap((block) => block[ASK.several]?.selected_options ?? []);
    return chosen(
      ticked.map(({ value = '', text: label }) => ({ token: value, label: label.text })),
      text,
    );
  }
  if (action.action_id === ASK.one && action.selected_option) {
    const { value = '', text: label } = action.selected_option;
    return chosen([{ token: value, label: label.text }], text);
  }
  if (!action.action_id.startsWith(PICK)) return undefined;
  return chosen([{ token: action.value ?? '', label: action.text?.text ?? '' }], text);
}

function chosen(options: readonly { token: string; label: string }[], text: string): Picked | undefined {
  if (options.length === 0 || options.some(({ token }) => token === '')) return undefined;
  const label = options.map(({ label: shown }) => inWords(unescaped(shown), text)).join(', ');
  return { event: { kind: 'choice', token: options.map(({ token }) => token).join(','), label }, label };
}

function written(date: string): Picked {
  return { event: { kind: 'message', text: date }, label: date };
}

/** A button that only shows a number, or how its label begins, stands for the line of that number in the text. */
function inWords(label: string, text: string): string {
  const [, number] = /^(\d{1,3})(?:\. .+…)?$/.exec(label) ?? [];
  if (number === undefined) return label;
  const line = text.split('\n').find((each) => each.startsWith(`${number}. `));
  return line?.slice(number.length + 2) ?? label;
}
