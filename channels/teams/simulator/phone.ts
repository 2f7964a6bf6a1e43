import type { Bubble, Button, Person as Owner, Phone, ScreenCard, Simulator } from '#channel';
import { addressOf } from '../address.ts';
import type { Fault, Simulator as Teams } from '../simulator.ts';
import { type Request, requestIn } from './drive.ts';
import { cardsOf, type Dialog, isBots } from './person.ts';
import { runsOf } from './rendered.ts';
import type { Message } from './world.ts';

/** Teams' stand-in as the playground uses it. */
export function onScreen(teams: Teams): Simulator {
  return {
    url: teams.url,
    phone: (owner) => phoneOf(owner, teams),
    faults: [...Object.keys(FAULTS), 'duplicate', 'expire', 'rotate', 'uninstall'],
    fail(name) {
      if (name === 'duplicate') teams.deliveries.mischief.duplicate = true;
      else if (name === 'expire') teams.issuer.revoke();
      // Of a channel that is not ours: the door stays shut until the next, right one.
      else if (name === 'rotate') rotating.add(teams);
      else if (name === 'uninstall') leaving.add(teams);
      else if (FAULTS[name] !== undefined) teams.fail(FAULTS[name], 'message');
    },
    close: () => teams.close(),
  };
}

const FAULTS: Readonly<Record<string, Fault>> = {
  flood: { kind: 'flood', retryAfter: 2 },
  error: { kind: 'error', status: 502 },
  drop: { kind: 'drop' },
  cut: { kind: 'cut' },
};

/** Whose next call is signed by a new key, and whose next writer takes the app away right after writing. */
const rotating = new WeakSet<Teams>();
const leaving = new WeakSet<Teams>();

/** Milliseconds that a client shows that somebody types. */
const TYPING = 3_000;

function phoneOf({ name, locale }: Owner, teams: Teams): Phone {
  const { deliveries, world } = teams;
  const person = teams.person(name, locale);
  const { chat } = person;

  /** One delivery, with what was to go wrong with it. */
  async function deliver(act: () => unknown): Promise<void> {
    if (rotating.delete(teams)) await teams.issuer.rotate();
    if (!chat.installed) person.install();
    act();
    if (leaving.delete(teams)) person.uninstall();
    await deliveries.settled();
    deliveries.mischief.duplicate = false;
  }

  return {
    address: addressOf({ tenant: world.tenant, conversation: chat.id }),
    get screen() {
      const { dialog } = person;
      const shown = chat.messages.map((message) => bubbleOf(message, teams, locale));
      return dialog === undefined ? shown : [...shown, dialogBubble(dialog, world.now())];
    },
    get typing() {
      return world.now() < chat.typingAt + TYPING;
    },
    open: () => deliver(() => undefined),
    write: (text) => deliver(() => person.say(text)),
    async tap(bubble, button, chosen = {}) {
      if (bubble === DIALOG) return button === CLOSE ? person.dismiss() : deliver(() => person.send(chosen));
      const message = chat.messages.find(({ id }) => id === bubble);
      if (message !== undefined && requestIn(message) !== undefined)
        return deliver(() => person.consent(message, button === ACCEPT ? 'accept' : 'decline'));
      const action = message && actionsOf(message)[Number(button)];
      if (message === undefined || action?.data === undefined) return;
      const { data } = action;
      await deliver(() => person.press(message.id, { ...data, ...chosen }));
    },
    attach: ({ name: file, type, bytes }) => deliver(() => person.attach(file, type, bytes)),
    watch: (listener) => teams.watch(listener),
  };
}

interface Shown {
  readonly type: string;
  readonly text?: string;
  readonly url?: string;
  readonly altText?: string;
  readonly facts?: readonly { readonly title: string; readonly value: string }[];
  readonly id?: string;
  readonly label?: string;
  readonly isMultiSelect?: boolean;
  readonly isRequired?: boolean;
  readonly choices?: readonly { readonly title: string; readonly value: string }[];
}

type Card = ReturnType<typeof cardsOf>[number];
type Action = NonNullable<Card['actions']>[number] & { readonly url?: string; readonly associatedInputs?: string };

function bubbleOf(message: Message, teams: Teams, locale: string): Bubble {
  const base = {
    id: message.id,
    from: isBots(message) ? ('bot' as const) : ('customer' as const),
    at: message.at,
    ...(message.edited ? { edited: true } : {}),
    ...(isBots(message) ? {} : { status: 'read' as const }),
  };
  const request = requestIn(message);
  if (request !== undefined) return { ...base, ...asking(request, locale) };
  const cards = cardsOf(message).filter(({ body }) => body !== undefined);
  const [only] = cards;
  if (only === undefined) return { ...base, text: runsOf(message.text, message.textFormat), ...fileOf(message, teams) };
  if (message.attachmentLayout === 'carousel' || titleOf(only) !== undefined)
    return { ...base, text: [], cards: cards.map((card) => screenCard(card, message)) };
  // A card that is a question: its words, and what can be answered.
  const image = elementsOf(only).find(({ type }) => type === 'Image');
  const buttons = buttonsOf(only, message);
  return {
    ...base,
    text: textOf(only),
    ...(image === undefined ? {} : { image: { url: image.url ?? '', alt: image.altText ?? '' } }),
    ...(buttons.length === 0 ? {} : { buttons: buttons.map((button) => [button]) }),
  };
}

const DIALOG = 'dialog';
const CLOSE = 'close';

/** Over all else until she sends or closes it. */
function dialogBubble({ title, card }: Dialog, at: number): Bubble {
  const send = { id: 'send', label: card.actions?.[0]?.title ?? '', fields: fieldsOf(card) };
  const words = textOf(card);
  const text = [{ text: title, style: 'bold' as const }, ...(words.length === 0 ? [] : [{ text: '\n' }, ...words])];
  return { id: DIALOG, from: 'system', text, buttons: [[send, { id: CLOSE, label: '✕' }]], at };
}

const ACCEPT = 'accept';

/** As Teams puts it, in the language of the client. */
function asking({ name, sizeInBytes }: Request, locale: string): Pick<Bubble, 'text' | 'cards' | 'buttons'> {
  const { allow, decline } = locale.startsWith('zh') ? CONSENT.zh : CONSENT.en;
  const size = sizeInBytes < 1024 ? `${sizeInBytes} B` : `${Math.ceil(sizeInBytes / 1024)} KB`;
  return {
    text: [],
    cards: [{ title: [{ text: `📄 ${name}` }], text: [{ text: size }] }],
    buttons: [
      [
        { id: ACCEPT, label: allow },
        { id: 'decline', label: decline },
      ],
    ],
  };
}

const CONSENT = { en: { allow: 'Allow', decline: 'Decline' }, zh: { allow: '允许', decline: '拒绝' } };

function screenCard(card: Card, message: Message): ScreenCard {
  const image = elementsOf(card).find(({ type }) => type === 'Image');
  const facts = elementsOf(card).flatMap((element) => element.facts ?? []);
  const text = textOf(card, titleOf(card));
  const buttons = buttonsOf(card, message);
  return {
    title: runsOf(titleOf(card)?.text ?? '', 'card'),
    ...(text.length === 0 ? {} : { text }),
    ...(image === undefined ? {} : { image: { url: image.url ?? '', alt: image.altText ?? '' } }),
    ...(facts.length === 0 ? {} : { facts: facts.map(({ title, value }) => ({ name: title, value })) }),
    ...(buttons.length === 0 ? {} : { buttons }),
  };
}

/** What stands in large letters. */
function titleOf(card: Card): Shown | undefined {
  return elementsOf(card).find(({ type, ...element }) => type === 'TextBlock' && 'size' in element);
}

function textOf(card: Card, except?: Shown): Bubble['text'] {
  const blocks = elementsOf(card).filter((element) => element.type === 'TextBlock' && element !== except);
  return blocks.flatMap(({ text = '' }, index) => [...(index === 0 ? [] : [{ text: '\n' }]), ...runsOf(text, 'card')]);
}

/** Numbered through the whole message, which is how a tap names one. */
function buttonsOf(card: Card, message: Message): Button[] {
  const all = actionsOf(message);
  const fields = fieldsOf(card);
  return (card.actions ?? []).map((action): Button => {
    const { title = '', url, associatedInputs } = action as Action;
    const button = { id: String(all.indexOf(action)), label: title };
    if (url !== undefined) return { ...button, url };
    return fields.length === 0 || associatedInputs === 'none' ? button : { ...button, fields };
  });
}

type Fields = NonNullable<Button['fields']>;

function fieldsOf(card: Card): Fields {
  return elementsOf(card).flatMap(({ type, id = '', label = '', isMultiSelect, choices = [], isRequired }): Fields => {
    const own = { name: id, label, ...(isRequired ? {} : { optional: true }) };
    if (type === 'Input.Date') return [{ ...own, kind: 'date' }];
    if (type === 'Input.Text' || type === 'Input.Number') return [{ ...own, kind: 'text' }];
    if (type !== 'Input.ChoiceSet') return [];
    const options = choices.map(({ title, value }) => ({ value, label: title }));
    return [{ ...own, kind: isMultiSelect ? 'choices' : 'choice', options }];
  });
}

function actionsOf(message: Message): readonly Action[] {
  return cardsOf(message).flatMap(({ actions = [] }) => actions);
}

function elementsOf({ body = [] }: Card): readonly Shown[] {
  return body as unknown as readonly Shown[];
}

/** What she sent lies with us. */
function fileOf({ attachments }: Message, { world }: Teams): Pick<Bubble, 'image' | 'file'> {
  const [attachment] = attachments;
  const address = (attachment?.content as { downloadUrl?: string } | undefined)?.downloadUrl ?? attachment?.contentUrl;
  const id = /\/(file-\d+)/.exec(address ?? '')?.[1];
  const file = id === undefined ? undefined : world.files.get(id);
  if (file === undefined) return {};
  const url = `data:${file.type};base64,${Buffer.from(file.bytes).toString('base64')}`;
  return file.type.startsWith('image/') ? { image: { url, alt: file.name } } : { file: { url, name: file.name } };
}
