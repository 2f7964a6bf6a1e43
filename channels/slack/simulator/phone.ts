import type { Bubble, Button, Person, Phone, Simulator as Playground, Run, ScreenCard } from '#channel';
import type { Fault, Simulator } from '../simulator.ts';
import { type Block, type Element, elementsOf } from './blocks.ts';
import type { Filled, Member } from './member.ts';
import { show } from './mrkdwn.ts';
import type { Message, View } from './workspace.ts';

/** Slack's stand-in as the playground uses it: each person with her direct message open. */
export function onScreen(slack: Simulator): Playground {
  const phones = new Map<string, Phone>();
  return {
    url: slack.url,
    faults: [...Object.keys(FAULTS), 'duplicate', 'escaped', 'reconnect'],
    phone(person) {
      const phone = phones.get(person.number) ?? phoneOf(slack, person);
      phones.set(person.number, phone);
      return phone;
    },
    fail(name) {
      if (name === 'duplicate' || name === 'escaped') slack.deliveries.mischief[name] = true;
      else if (name === 'reconnect') slack.sockets.refresh('warning');
      else if (FAULTS[name] !== undefined) slack.fail(FAULTS[name], 'chat.postMessage');
    },
    close: () => slack.close(),
  };
}

const FAULTS: Readonly<Record<string, Fault>> = {
  flood: { kind: 'flood', retryAfter: 2 },
  error: { kind: 'error', status: 503 },
  drop: { kind: 'drop' },
  cut: { kind: 'cut' },
  token_expired: { kind: 'refuse', error: 'token_expired' },
};

function phoneOf(slack: Simulator, { name, locale }: Person): Phone {
  const { deliveries, workspace } = slack;
  const member = slack.member({ name: name.toLowerCase().replaceAll(/\s/g, ''), real_name: name, locale });
  const { direct, user } = member;

  /** One delivery, with what was to go wrong with it. */
  async function deliver(act: () => unknown): Promise<void> {
    await act();
    await deliveries.settled();
    Object.assign(deliveries.mischief, { duplicate: false, escaped: false });
  }

  return {
    address: `${workspace.team.id}:${direct.id}:${user.id}`,
    get screen() {
      const { view } = member;
      return [...direct.messages.map(bubbleOf), ...(view === undefined ? [] : [modalOf(view)])];
    },
    get typing() {
      return direct.status.size > 0;
    },
    open: () => deliver(() => member.openHome()),
    write: (text) => deliver(() => member.say(text)),
    tap: (bubble, button, chosen = {}) => deliver(() => tap(member, bubble, button, chosen)),
    attach: ({ name: file, type, bytes }) => deliver(() => member.attach(file, bytes, type)),
    watch: (listener) => slack.watch(listener),
  };
}

/** A list or a form is filled in first and then sent, which Slack tells one by one. */
async function tap(
  member: Member,
  id: string,
  button: string,
  chosen: Readonly<Record<string, string>>,
): Promise<void> {
  if (member.view?.id === id) return overModal(member, member.view, button, chosen);
  const message = member.messages.find(({ ts }) => ts === id);
  const elements = elementsOf(message?.blocks ?? []);
  const tapped = elements.find(({ element }) => element.action_id === button);
  if (message === undefined || tapped === undefined) throw new Error(`The message ${id} has no button ${button}.`);
  for (const { block, element } of elements) {
    const value = chosen[String(element.action_id)];
    if (element === tapped.element || value === undefined) continue;
    await member.touch(message, block, element, filledBy(element, value));
  }
  const own = chosen[button];
  await member.touch(
    message,
    tapped.block,
    tapped.element,
    own === undefined ? undefined : filledBy(tapped.element, own),
  );
}

/** A modal is over all else until she sends or closes it. */
async function overModal(
  member: Member,
  view: View,
  button: string,
  chosen: Readonly<Record<string, string>>,
): Promise<void> {
  if (button === CLOSE) return member.dismiss();
  const filled = elementsOf(view.blocks).flatMap(({ block, element }) => {
    const value = chosen[String(block.block_id)] ?? '';
    return value === '' ? [] : [[String(block.block_id), filledBy(element, value)] as const];
  });
  await member.submit(Object.fromEntries(filled));
}

/** Several are told apart by commas. */
function filledBy({ type }: Element, value: string): Filled {
  return type === 'checkboxes' || type === 'multi_static_select' ? value.split(',') : value;
}

// — The screen ————————————————————————————————————————————————————————————————————————————————————————————————

function bubbleOf({ ts, bot_id: bot, text, blocks, files = [], edited }: Message): Bubble {
  const shown: readonly Block[] =
    bot === undefined || blocks === undefined ? [{ type: 'section', text: { type: 'mrkdwn', text } }] : blocks;
  // What a message says comes before its first card; whatever is written below belongs to the cards.
  const first = shown.findIndex((block, at) => isCard(block, shown[at + 1]));
  const words = first < 0 ? shown : shown.slice(0, first);
  const image = shown.find(({ type }) => type === 'image');
  const buttons = rowsOf(shown);
  const cards = cardsOf(shown.slice(words.length));
  const [file] = files;
  return {
    id: ts,
    from: bot === undefined ? 'customer' : 'bot',
    text: joined(words.flatMap(({ text: own }) => (own === undefined ? [] : [runsOf(own)]))),
    ...(image === undefined ? {} : { image: { url: String(image.image_url), alt: String(image.alt_text) } }),
    ...(file === undefined ? {} : { file: fileOf(file) }),
    ...(cards.length === 0 ? {} : { cards }),
    ...(buttons.length === 0 ? {} : { buttons }),
    ...(edited === undefined ? {} : { edited: true }),
    at: Math.round(Number(ts) * 1000),
  };
}

const CLOSE = 'close';

function modalOf({ id, hash, title, submit, blocks }: View): Bubble {
  const words = blocks.filter(({ text }) => text !== undefined).map(({ text }) => runsOf(text));
  const inputs = blocks.filter(({ type }) => type === 'input').flatMap(inputOf);
  return {
    id,
    from: 'system',
    text: joined([[{ text: lettersOf(title), style: 'bold' }], ...words]),
    buttons: [
      [
        { id: 'submit', label: lettersOf(submit), fields: inputs },
        { id: CLOSE, label: '✕' },
      ],
    ],
    at: Math.round(Number(hash.split('.', 2).join('.')) * 1000),
  };
}

function inputOf(block: Block): Field[] {
  const label = [lettersOf(block.label), lettersOf(block.hint)].filter((text) => text !== '').join(' — ');
  return elementsOf([block]).map(({ element }) => ({
    ...fieldOf(element),
    name: String(block.block_id),
    label,
    ...(block.optional === true ? { optional: true } : {}),
  }));
}

function fileOf(file: object): { url: string; name: string } {
  const { url_private: url, name } = file as { url_private: string; name: string };
  return { url, name };
}

/** Facts in columns, words beside a picture, or words with facts or a card's links below. */
function isCard({ type, fields, text, accessory }: Block, next: Block | undefined): boolean {
  if (type !== 'section') return false;
  const isAbove = next !== undefined && (isOfCard(next) || (next.type === 'section' && isFacts(next)));
  return fields !== undefined || isPicture(accessory) || (text !== undefined && isAbove);
}

function isFacts({ fields, text }: Block): boolean {
  return fields !== undefined && text === undefined;
}

function isPicture(accessory: unknown): accessory is { image_url: string; alt_text: string } {
  return typeof accessory === 'object' && accessory !== null && 'image_url' in accessory;
}

/** A section with words is a card, its first line the title; what has no words of its own goes with the card above it. */
function cardsOf(blocks: readonly Block[]): readonly ScreenCard[] {
  const cards: ScreenCard[] = [];
  for (const block of blocks) {
    const { type, text, fields, accessory } = block;
    if (isOfCard(block)) {
      const last = cards.pop();
      const buttons = elementsOf([block]).flatMap(({ element }) => buttonOf(element, []));
      if (last !== undefined) cards.push({ ...last, buttons: [...(last.buttons ?? []), ...buttons] });
    }
    if (type !== 'section') continue;
    const facts = Array.isArray(fields) ? { facts: fields.map(factOf) } : {};
    const above = text === undefined ? cards.pop() : undefined;
    const picture = isPicture(accessory) ? { image: { url: accessory.image_url, alt: accessory.alt_text } } : {};
    cards.push({ ...(text === undefined ? { title: [] } : titled(runsOf(text))), ...above, ...picture, ...facts });
  }
  return cards;
}

/** Links that stand under a card. */
function isOfCard({ type, block_id: id }: Block): boolean {
  return type === 'actions' && typeof id === 'string' && id.startsWith('card');
}

function titled(runs: readonly Run[]): Pick<ScreenCard, 'title' | 'text'> {
  const at = runs.findIndex(({ text }) => text.includes('\n'));
  const broken = runs[at];
  if (broken === undefined) return { title: runs };
  const [line = '', ...rest] = broken.text.split('\n');
  const text = [{ ...broken, text: rest.join('\n') }, ...runs.slice(at + 1)].filter((run) => run.text !== '');
  const title = [...runs.slice(0, at), { ...broken, text: line }].filter((run) => run.text !== '');
  return text.length === 0 ? { title } : { title, text };
}

function factOf(field: unknown): { name: string; value: string } {
  const [name = '', ...value] = runsOf(field)
    .map(({ text }) => text)
    .join('')
    .split('\n');
  return { name, value: value.join('\n') };
}

function rowsOf(blocks: readonly Block[]): readonly (readonly Button[])[] {
  const fields = elementsOf(blocks).flatMap(({ element }) =>
    FIELDS[element.type] === undefined ? [] : [fieldOf(element)],
  );
  return blocks
    .filter((block) => !isOfCard(block))
    .map((block) => elementsOf([block]).flatMap(({ element }) => buttonOf(element, fields)))
    .filter((row) => row.length > 0);
}

type Field = NonNullable<Button['fields']>[number];

const FIELDS: Readonly<Record<string, Field['kind']>> = {
  static_select: 'choice',
  checkboxes: 'choices',
  multi_static_select: 'choices',
  datepicker: 'date',
};

function fieldOf({ type, action_id: name = '', placeholder, options }: Element): Field {
  const own = options?.map(({ value, text }) => ({ value, label: text.text }));
  return {
    name,
    label: placeholder?.text ?? '',
    kind: FIELDS[type] ?? 'text',
    ...(own === undefined ? {} : { options: own }),
  };
}

/** A list and a calendar are answered by picking; boxes are sent by the button beside them. */
function buttonOf(element: Element, fields: readonly Field[]): Button[] {
  const { type, action_id: id = '', text, url, placeholder } = element;
  if (type === 'button') {
    const several = url === undefined ? fields.filter(({ kind }) => kind === 'choices') : [];
    const own = { id, label: text?.text ?? '', ...(url === undefined ? {} : { url }) };
    return [several.length === 0 ? own : { ...own, fields: several }];
  }
  if (type !== 'static_select' && type !== 'datepicker') return [];
  return [{ id, label: placeholder?.text ?? '', fields: [fieldOf(element)] }];
}

function runsOf(text: unknown): readonly Run[] {
  if (typeof text !== 'object' || text === null || !('text' in text) || !('type' in text)) return [];
  return text.type === 'mrkdwn' ? show(String(text.text)).runs : [{ text: String(text.text) }];
}

function lettersOf(text: unknown): string {
  return runsOf(text)
    .map((run) => run.text)
    .join('');
}

function joined(parts: readonly (readonly Run[])[]): readonly Run[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: '\n' }, ...part]));
}
