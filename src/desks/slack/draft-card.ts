import type { Proposed } from '../../handoff/control.ts';
import type { Head, TaskCard } from '../../handoff/desk.ts';
import type { DraftWords } from './draft-words.ts';
import { type Block, escaped, mrkdwn, plain, sections, short } from './text.ts';
import { fill, type Words } from './words.ts';

/** What the bot would say, or has said, with where it stands and what may be done with it. */
export function draftCardOf(
  task: TaskCard & { readonly proposal: Proposed },
  { conversation }: Head,
  words: Words,
  shown: (agent: string) => string,
) {
  const { id, proposal, ended } = task;
  const { how, why, draft } = proposal;
  const { drafts } = words;
  const title = `${drafts.title[how]}${why === undefined ? '' : ` (${drafts.why[why]})`}`;
  const told: readonly Block[] = [
    { type: 'section', text: mrkdwn(`*${escaped(title)}*`) },
    { type: 'context', elements: [plain(short(`${drafts.asked}: ${draft.question}`, CONTEXT))] },
    ...sections(draft.text).slice(0, MOST),
    { type: 'context', elements: groundsOf(draft, drafts) },
  ];
  const end =
    ended === undefined
      ? { type: 'actions', elements: buttonsOf(proposal, JSON.stringify({ conversation, task: id }), drafts) }
      : { type: 'context', elements: [plain(endOf(ended, how, words, shown))] };
  return { text: escaped(`${title}: ${short(draft.text, CONTEXT)}`), blocks: [...told, end] };
}

function groundsOf({ grounding, source }: Proposed['draft'], drafts: DraftWords) {
  const count = grounding.filter((is) => is).length;
  const title = escaped(short(source.title, CONTEXT));
  const shown = source.url === undefined ? title : `<${addressOf(source.url)}|${title.replaceAll('|', '¦')}>`;
  const grounded = fill(drafts.grounded, { count: String(count), all: String(grounding.length) });
  return [mrkdwn(`${grounded} · ${drafts.source}: ${shown}`)];
}

function buttonsOf({ how, draft }: Proposed, value: string, drafts: DraftWords) {
  const button = (act: 'send' | 'edit' | 'reject' | 'another', label: string) => ({
    ...{ type: 'button', action_id: `desk.draft_${act}`, text: plain(label), value },
    ...(act === 'send' ? { style: 'primary' } : {}),
  });
  return [
    button('send', how === 'sample' ? drafts.draft_right : drafts.draft_send),
    button('edit', drafts.draft_edit),
    button('reject', drafts.draft_reject),
    ...(how !== 'sample' && draft.others.length > 0 ? [button('another', drafts.draft_another)] : []),
  ];
}

function endOf(
  { how, by, note }: NonNullable<TaskCard['ended']>,
  kind: Proposed['how'],
  words: Words,
  shown: (agent: string) => string,
): string {
  const told = kind === 'sample' && how === 'sent' ? words.drafts.draft_right : words.task_ends[how];
  return short(
    [told, ...(by === undefined ? [] : [shown(by)]), ...(note === undefined ? [] : [note])].join(' · '),
    CONTEXT,
  );
}

/** As it stands in our own markup: what would end it is encoded. */
function addressOf(url: string): string {
  return escaped(url).replaceAll('|', '%7C');
}

/** UTF-16 units of a context. */
const CONTEXT = 500;
/** Sections of a long answer. */
const MOST = 4;
