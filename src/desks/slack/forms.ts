import type { Head } from '../../handoff/desk.ts';
import { type Tapped, tappedIn } from './card.ts';
import { nameOf } from './customer-name.ts';
import type { Inside } from './inside.ts';
import { type Block, instant, mrkdwn, plain, sections, short, wordsOf } from './text.ts';
import { inWords } from './value-words.ts';
import { fill, type Words } from './words.ts';

/** Forms that are sent. */
export const FORMS = ['reply', 'assign', 'consult', 'close'] as const;
export type Form = (typeof FORMS)[number];

/** Opens at once and empty, for Slack's ticket is good for three seconds; then it is filled. */
export async function openForm(
  inside: Inside,
  action: string,
  { user, trigger, value }: { readonly user: string; readonly trigger: string; readonly value: string | undefined },
): Promise<void> {
  const { api, words, staff, settings } = inside;
  const what = action.replace('desk.', '');
  const title = titleOf(what, words);
  const id = await api.openView(trigger, textView(title, words.loading));
  const tapped = tappedIn(value);
  const agent = staff.of(user);
  if (agent === undefined) return api.updateView(id, textView(title, fill(words.no_agent, { user })));
  if (what === 'reply' && settings.replyMode === 'alerts')
    return api.updateView(id, textView(title, words.alerts_note));
  const head = tapped && (await inside.house.head(tapped.conversation));
  if (tapped === undefined || head === undefined) return api.updateView(id, textView(title, words.no_conversation));
  await api.updateView(id, await viewOf(what, head, tapped, { ...inside, agent }));
}

/** Another page of a transcript. */
export async function turnPage(inside: Inside, view: string, user: string, value: string | undefined): Promise<void> {
  const { conversation, version: page } = tappedIn(value) ?? { conversation: '', version: 0 };
  if (inside.staff.of(user) === undefined || conversation === '') return;
  await inside.api.updateView(view, await transcript(inside, conversation, Math.max(0, page)));
}

/** One of the canned replies, where it can be changed before it is sent. */
export async function chooseReply(
  inside: Inside,
  {
    user,
    view,
    chosen,
  }: {
    readonly user: string;
    readonly view: { readonly id: string; readonly private_metadata: string };
    readonly chosen: string;
  },
): Promise<void> {
  const agent = inside.staff.of(user);
  const tapped = tappedIn(view.private_metadata);
  if (agent === undefined || tapped === undefined) return;
  await inside.api.updateView(view.id, await replying(tapped, { ...inside, agent }, chosen));
}

/** What is masked at every desk, to the agent who holds the conversation; the house writes down that she has seen it. */
export async function showMasked(inside: Inside, view: string, user: string, value: string | undefined): Promise<void> {
  const { house, staff, words, api } = inside;
  const agent = staff.of(user);
  const { conversation, what } = JSON.parse(value ?? '{}') as Partial<Record<string, string>>;
  if (agent === undefined || conversation === undefined || what === undefined) return;
  const shown = await house.reveal({ conversation, agent, what });
  const holder = shown.ok || shown.holder === undefined ? words.nobody : staff.shown(shown.holder);
  const told = shown.ok ? `${what}: ${shown.value}` : fill(words.refusals[shown.code] ?? words.failed, { holder });
  await api.updateView(view, textView(titleOf('profile', words), told));
}

async function viewOf(what: string, head: Head, tapped: Tapped, inside: Asking): Promise<object> {
  const { words } = inside;
  if (what === 'transcript') return transcript(inside, tapped.conversation, 0);
  if (what === 'profile') return { ...frame(titleOf(what, words)), blocks: profileOf(head, words) };
  if (what === 'reply') return replying(tapped, inside);
  return formOf(what, tapped, words, what === 'close' ? closing(words) : giving(what === 'assign', head, inside));
}

function formOf(what: string, tapped: Tapped, words: Words, blocks: readonly Block[]): object {
  return {
    ...frame(titleOf(what, words)),
    ...{ callback_id: `desk.${what}`, private_metadata: JSON.stringify(tapped) },
    ...{ submit: plain(what === 'reply' ? words.send : words.save), blocks },
  };
}

type Asking = Inside & { readonly agent: string };

// — To read ———————————————————————————————————————————————————————————————————————————————————————————————————

function profileOf(head: Head, words: Words): readonly Block[] {
  const { customer, attach, masked, flow, summary, number, conversation } = head;
  const facts: readonly (readonly [string, unknown])[] = [
    [words.customer, nameOf(customer) ?? words.unknown],
    ...(customer.verified === undefined ? [] : [[words.verified, customer.verified.by] as const]),
    [words.channel, `${customer.channel} · ${customer.account}`],
    [words.language, customer.locale],
    // Her name stands above; what the house notes for itself is no reading for agents.
    ...Object.entries(customer.attributes).filter(([name, value]) => name !== 'name' && typeof value !== 'object'),
    ...Object.entries(attach),
    ...(flow === undefined ? [] : [[words.flow, `${flow.title} › ${flow.step}`] as const]),
    ...(masked.length === 0 ? [] : [[words.masked, masked.join(', ')] as const]),
  ];
  const buttons = masked.slice(0, MOST_BUTTONS).map((what, at) => ({
    ...{ type: 'button', action_id: `desk.reveal.${at}`, text: plain(short(fill(words.reveal, { what }), 75)) },
    value: JSON.stringify({ conversation, what }),
  }));
  const reveals: readonly Block[] = buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }];
  const lines = facts.map(([name, value]) => `${name}: ${inWords(value)}`);
  return [
    ...sections([`#${number}`, ...lines].join('\n')),
    ...sections(summary.join('\n')).slice(0, MOST_BLOCKS),
    ...reveals,
  ];
}

async function transcript({ house, words, staff }: Inside, conversation: string, page: number): Promise<object> {
  const found = await house.transcript(conversation, page * PAGE, PAGE + 1);
  const entries = found.slice(0, PAGE);
  const said = entries.flatMap(({ from, message, at }): readonly Block[] => {
    const own = { customer: words.customer, bot: words.bot, agent: words.agent, system: words.house }[from];
    const who = message.agent === undefined ? own : staff.shown(message.agent);
    return [
      { type: 'context', elements: [plain(short(who, NAME)), mrkdwn(instant(at))] },
      ...sections(wordsOf(message, from === 'bot' || from === 'system')).slice(0, 2),
    ];
  });
  const turn = (label: string, to: number, id: string) => ({
    ...{ type: 'button', action_id: id, text: plain(label) },
    value: JSON.stringify({ conversation, version: to } satisfies Tapped),
  });
  const buttons = [
    ...(page > 0 ? [turn(words.previous, page - 1, 'desk.page')] : []),
    ...(found.length > PAGE ? [turn(words.next, page + 1, page > 0 ? 'desk.page.on' : 'desk.page')] : []),
  ];
  return {
    ...frame(titleOf('transcript', words)),
    blocks: [
      ...(said.length === 0 ? sections(words.empty) : said),
      ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }]),
    ],
  };
}

// — To fill in ————————————————————————————————————————————————————————————————————————————————————————————————

/** Slack keeps what stands in a field as long as its block has the same name: a reply that is chosen needs another. */
async function replying(tapped: Tapped, { house, words, agent }: Asking, chosen?: string): Promise<object> {
  const replies = (await house.replies(tapped.conversation, agent)).slice(0, MOST_OPTIONS);
  const text = replies.find(({ name }) => name === chosen)?.text;
  const options = replies.map(({ name }) => option(name, name));
  const canned: Block = {
    type: 'section',
    text: plain(words.canned),
    accessory: { type: 'static_select', action_id: 'desk.canned', options },
  };
  const filled = text === undefined ? {} : { initial_value: text.slice(0, MOST_TEXT) };
  const field = { type: 'plain_text_input', action_id: 'text', multiline: true, max_length: MOST_TEXT, ...filled };
  return formOf('reply', tapped, words, [
    ...(options.length === 0 ? [] : [canned]),
    { type: 'input', block_id: `text ${chosen ?? ''}`, label: plain(words.to_customer), element: field },
  ]);
}

/** To an agent, or, where it is given away, to a queue; never without a word for whoever comes. */
function giving(isAway: boolean, head: Head, { house, words, staff }: Inside): readonly Block[] {
  const { agents, queues } = house.policy();
  const colleagues = agents
    .filter(({ name }) => name !== head.agent)
    .map(({ name }) => option(`agent:${name}`, staff.shown(name)));
  const others = isAway ? Object.keys(queues).map((queue) => option(`queue:${queue}`, `${words.queue}: ${queue}`)) : [];
  const options = [...colleagues, ...others].slice(0, MOST_OPTIONS);
  if (options.length === 0) return sections(words.empty);
  return [
    input('to', words.to, { type: 'static_select', options }),
    input('note', words.note_for, { type: 'plain_text_input', multiline: true, max_length: 3_000 }),
  ];
}

function closing(words: Words): readonly Block[] {
  const outcomes = (['solved', 'unsolved', 'follow_up', 'spam'] as const).map((outcome) =>
    option(outcome, words[outcome]),
  );
  const answers = (['yes', 'no'] as const).map((answer) => option(answer, words[answer]));
  return [
    input('outcome', words.outcome, { type: 'static_select', options: outcomes }),
    input('topic', words.topic, { type: 'plain_text_input', max_length: 200 }),
    { ...input('bot_could', words.bot_could, { type: 'radio_buttons', options: answers }), optional: true },
  ];
}

function input(id: string, label: string, element: Readonly<Record<string, unknown>>): Block {
  return { type: 'input', block_id: id, label: plain(label), element: { ...element, action_id: id } };
}

function option(value: string, label: string) {
  return { value: value.slice(0, 150), text: plain(short(label, 75)) };
}

function titleOf(what: string, words: Words): string {
  const titles: Readonly<Record<string, unknown>> = words;
  return short(String(titles[what]).replace('…', ''), 24);
}

function textView(title: string, text: string): object {
  return { ...frame(title), blocks: sections(text) };
}

function frame(title: string): object {
  return { type: 'modal', title: plain(title) };
}

const PAGE = 15;
const NAME = 60;
const MOST_BLOCKS = 80;
const MOST_BUTTONS = 20;
const MOST_TEXT = 3_000;
const MOST_OPTIONS = 100;
