import { z } from 'zod';
import type { Control, Happening, Proposed } from '../../handoff/control.ts';
import { isReason, REASONS, type Reason } from '../../handoff/review/judgement.ts';
import type { Sent } from './answering.ts';
import { give, type Press } from './buttons.ts';
import type { Inside } from './inside.ts';
import { mrkdwn, plain, sections, short } from './text.ts';
import { fill } from './words.ts';

/** Forms about a draft. */
export const DRAFT_FORMS = ['draft_edit', 'draft_reject'] as const;
export type DraftForm = (typeof DRAFT_FORMS)[number];

const Meant = z.object({ conversation: z.string(), task: z.string() });
const Values = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() }),
  ),
);

/** What a button at a draft does at once: it goes out as it is, or gives way to another. */
export async function pressDraft(inside: Inside, action: string, { user, value, at, channel }: Press): Promise<void> {
  const agent = inside.staff.of(user);
  const meant = Meant.safeParse(JSON.parse(value ?? '{}')).data;
  if (meant === undefined) return;
  if (agent === undefined) return whisper(inside, user, channel, inside.words.no_agent.replaceAll('{user}', user));
  const { conversation, task } = meant;
  const happening =
    action === 'desk.draft_another'
      ? ({ on: 'swapped', agent, task } as const)
      : ({ on: 'reviewed', agent, task, verdict: 'sent' } as const);
  await give(inside, user, channel, { conversation, command: `slack:${at}:${user}`, happening });
}

/** Opens at once and empty, for Slack's ticket is good for three seconds; then it is filled. */
export async function openDraftForm(
  inside: Inside,
  form: DraftForm,
  { user, trigger, value }: { readonly user: string; readonly trigger: string; readonly value: string | undefined },
): Promise<void> {
  const { api, words, staff } = inside;
  const title = words.drafts[form].replace('…', '');
  const text = (told: string) => ({ type: 'modal', title: plain(title), blocks: sections(told) });
  const id = await api.openView(trigger, text(words.loading));
  const meant = Meant.safeParse(JSON.parse(value ?? '{}')).data;
  if (staff.of(user) === undefined) return api.updateView(id, text(fill(words.no_agent, { user })));
  const proposal = meant && (await proposalOf(inside, meant));
  if (meant === undefined || proposal === undefined) return api.updateView(id, text(words.no_conversation));
  await api.updateView(id, {
    ...{ type: 'modal', title: plain(title), callback_id: `desk.${form}`, private_metadata: JSON.stringify(meant) },
    submit: plain(form === 'draft_edit' ? words.send : words.save),
    blocks: form === 'draft_edit' ? editing(proposal, inside) : rejecting(proposal, inside),
  });
}

/** A form was sent. @returns what is wrong with it, by its fields; `undefined`: it is taken */
export async function answerDraft(
  inside: Inside,
  form: DraftForm,
  { user, view }: Sent,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { words, staff } = inside;
  const meant = Meant.safeParse(JSON.parse(view.private_metadata)).data;
  const agent = staff.of(user);
  const fields = Values.safeParse(view.state.values).data ?? {};
  const filled = (name: string) => {
    const { value, selected_option: option } = fields[name]?.[name] ?? {};
    return (option?.value ?? value ?? '').trim();
  };
  const first = form === 'draft_edit' ? 'text' : 'reason';
  if (meant === undefined || agent === undefined) return { [first]: words.failed };
  if (filled(first) === '') return { [first]: words.needed };
  const reason = filled('reason');
  const more = {
    ...(filled('text') === '' ? {} : { text: filled('text') }),
    ...(filled('note') === '' ? {} : { note: filled('note') }),
  };
  const judged = { on: 'reviewed', agent, task: meant.task, ...more } as const;
  const happening: Happening =
    form === 'draft_edit'
      ? { ...judged, verdict: 'sent', ...(isReason(reason) ? { reason } : {}) }
      : {
          ...{ ...judged, verdict: 'rejected', reason: isReason(reason) ? reason : 'not_needed' },
          ...(filled('flow') === '' ? {} : { flow: filled('flow') }),
        };
  const { conversation } = meant;
  const answer = await give(inside, user, undefined, { conversation, command: `slack:${view.id}:${user}`, happening });
  if (answer?.ok !== false) return undefined;
  const holder = answer.holder === undefined ? words.nobody : staff.shown(answer.holder);
  return { [first]: fill(words.refusals[answer.code] ?? words.failed, { holder }) };
}

/** As it is now: it may have been changed for another, or judged. */
async function proposalOf({ house }: Inside, { conversation, task }: z.infer<typeof Meant>) {
  const stand = await house.tables.stand(conversation);
  const { tasks = [] } = (stand?.control ?? {}) as unknown as Partial<Control>;
  return tasks.find(({ id }) => id === task)?.proposal;
}

function editing({ draft, how }: Proposed, { words: { drafts } }: Inside) {
  const reasons = REASONS.filter((reason) => how === 'sample' || reason !== 'not_needed');
  return [
    field('text', drafts.edited, { multiline: true, max_length: MOST, initial_value: draft.text.slice(0, MOST) }),
    choice(drafts.why_edited, reasons, drafts.reasons, true),
    field('note', drafts.note, { max_length: 500 }, true),
  ];
}

function rejecting({ draft }: Proposed, { words: { drafts } }: Inside) {
  return [
    { type: 'context', elements: [plain(short(draft.text, 500))] },
    choice(drafts.why_rejected, REASONS, drafts.reasons, false),
    field('text', drafts.right, { multiline: true, max_length: MOST }, true),
    field('flow', drafts.meant, { max_length: 100 }, true),
    field('note', drafts.note, { max_length: 500 }, true),
  ];
}

function field(id: string, label: string, element: object, optional = false) {
  const input = { type: 'plain_text_input', action_id: id, ...element };
  return { type: 'input', block_id: id, label: plain(label), element: input, optional };
}

function choice(label: string, reasons: readonly Reason[], told: Readonly<Record<Reason, string>>, optional: boolean) {
  const options = reasons.map((reason) => ({ value: reason, text: plain(told[reason]) }));
  const element = { type: 'static_select', action_id: 'reason', options };
  return { type: 'input', block_id: 'reason', label: plain(label), element, optional };
}

/** Only she sees it. */
async function whisper({ api, log }: Inside, user: string, channel: string | undefined, text: string): Promise<void> {
  if (channel === undefined) return;
  try {
    await api.whisper(user, { channel, text, blocks: [{ type: 'section', text: mrkdwn(text) }] });
  } catch (error) {
    log.warn('desk.slack_hint_failed', { error });
  }
}

/** UTF-16 units, as Slack takes them in a field. */
const MOST = 3_000;
