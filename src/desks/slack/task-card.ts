import type { Head, TaskCard } from '../../handoff/desk.ts';
import { draftCardOf } from './draft-card.ts';
import { type Block, escaped, mrkdwn, plain, short } from './text.ts';
import { inWords } from './value-words.ts';
import type { Words } from './words.ts';

/** What a flow asks of humans, with its buttons; ended, with what became of it. */
export function taskCardOf(task: TaskCard, head: Head, words: Words, shown: (agent: string) => string) {
  const { mode, reason, attach, ended, proposal } = task;
  if (proposal !== undefined) return draftCardOf({ ...task, proposal }, head, words, shown);
  const title = mode === 'approval' ? words.decision : words.task;
  const facts = Object.entries(attach).map(([name, value]) => `${name}: ${inWords(value)}`);
  const body = short(`${reason}${facts.length === 0 ? '' : ` · ${facts.join(' · ')}`}`, BODY);
  const said: readonly Block[] = [
    { type: 'section', text: mrkdwn(`*${escaped(title)}*`) },
    { type: 'section', text: plain(body) },
  ];
  return { text: escaped(`${title}: ${body}`), blocks: [...said, endOf(task, head, words, ended, shown)] };
}

function endOf(
  { id, mode }: TaskCard,
  { conversation }: Head,
  words: Words,
  ended: TaskCard['ended'],
  shown: (agent: string) => string,
): Block {
  if (ended !== undefined) {
    const by = ended.by === undefined ? [] : [shown(ended.by)];
    const told = [words.task_ends[ended.how], ...by, ...(ended.note === undefined ? [] : [ended.note])].join(' · ');
    return { type: 'context', elements: [plain(short(told, BODY))] };
  }
  const value = JSON.stringify({ conversation, task: id });
  const button = (act: 'approve' | 'reject' | 'task_done') => ({
    ...{ type: 'button', action_id: `desk.${act}`, text: plain(words[act]), value },
    ...(act === 'approve' ? { style: 'primary' } : {}),
  });
  return {
    type: 'actions',
    elements: mode === 'approval' ? [button('approve'), button('reject')] : [button('task_done')],
  };
}

const BODY = 2_500;
