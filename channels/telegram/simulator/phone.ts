import type { Bubble, Button, Person, Phone, Run, Simulator } from '#channel';
import type { Fault, Simulator as Telegram } from '../simulator.ts';
import type { Customer } from './customer.ts';
import type { Entity } from './html.ts';
import type { SentMessage } from './world.ts';

/** Telegram's stand-in as the playground uses it. */
export function onScreen(telegram: Telegram): Simulator {
  return {
    url: telegram.url,
    phone: (person) => phoneOf(person, telegram),
    faults: [...Object.keys(FAULTS), 'duplicate', 'block'],
    fail(name) {
      if (name === 'duplicate') telegram.deliveries.mischief.duplicate = true;
      else if (name === 'block') blocking.add(telegram);
      // Long polling is never held up: what fails is what the bot wants to say.
      else if (FAULTS[name] !== undefined) telegram.fail(FAULTS[name], 'sendMessage');
    },
    close: () => telegram.close(),
  };
}

const FAULTS: Readonly<Record<string, Fault>> = {
  flood: { kind: 'flood', retryAfter: 2 },
  error: { kind: 'error', status: 502 },
  drop: { kind: 'drop' },
  cut: { kind: 'cut' },
};

/** Whose next writer blocks the bot right after writing. */
const blocking = new WeakSet<Telegram>();

/** Milliseconds that Telegram shows that somebody types (https://core.telegram.org/bots/api#sendchataction). */
const TYPING = 5_000;

function phoneOf({ name, locale }: Person, telegram: Telegram): Phone {
  const { deliveries, world } = telegram;
  const customer = telegram.customer({ first_name: name, language_code: locale });
  const chat = customer.chatIn();
  let typedUntil = 0;
  let typed = 0;

  /** One delivery, with what was to go wrong with it. */
  async function deliver(act: () => unknown): Promise<void> {
    if (chat.blocked) customer.unblock();
    act();
    if (blocking.delete(telegram)) customer.block();
    await deliveries.settled();
    deliveries.mischief.duplicate = false;
  }

  return {
    address: String(customer.user.id),
    get screen() {
      const { draft } = chat;
      const shown = chat.messages.map((message) => bubbleOf(message, telegram));
      if (draft === undefined) return shown;
      const text = runsOf(draft.text, draft.entities);
      return [...shown, { id: `draft.${draft.id}`, from: 'bot' as const, text, at: world.now() }];
    },
    get typing() {
      return world.now() < typedUntil;
    },
    open: () => deliver(() => customer.start()),
    write: (text) => deliver(() => customer.say(text)),
    async tap(bubble, button) {
      const message = chat.messages.find(({ message_id: id }) => String(id) === bubble);
      const data = keysOf(message).find(({ id }) => id === button)?.data;
      if (message === undefined || data === undefined) return;
      await deliver(() => customer.tapOn(message, data));
    },
    attach: ({ name: file, type, bytes }) =>
      deliver(() => (type.startsWith('image/') ? customer.photo(bytes) : customer.document(file, bytes, type))),
    watch(listener) {
      return telegram.watch(() => {
        // A message takes the place of the sign that one is being written.
        if (chat.typing > typed) typedUntil = world.now() + TYPING;
        if (lastIsBots(customer)) typedUntil = 0;
        typed = chat.typing;
        listener();
      });
    },
  };
}

function lastIsBots({ messages }: Customer): boolean {
  return messages.at(-1)?.from.is_bot === true;
}

function bubbleOf(message: SentMessage, telegram: Telegram): Bubble {
  const {
    message_id: id,
    from,
    text,
    caption,
    entities,
    caption_entities: captionEntities,
    date,
    edit_date: edited,
  } = message;
  const rows = (message.reply_markup?.inline_keyboard ?? []).map((row, y) =>
    row.map(({ text: label, url }, x): Button => ({ id: `${y}.${x}`, label, ...(url === undefined ? {} : { url }) })),
  );
  return {
    id: String(id),
    from: from.is_bot ? 'bot' : 'customer',
    text: runsOf(text ?? caption ?? '', entities ?? captionEntities ?? []),
    ...pictureOf(message, telegram),
    ...(rows.length === 0 ? {} : { buttons: rows }),
    ...(from.is_bot ? {} : { status: 'read' as const }),
    ...(edited === undefined ? {} : { edited: true }),
    at: date * 1000,
  };
}

function keysOf(message: SentMessage | undefined): { id: string; data: string | undefined }[] {
  return (message?.reply_markup?.inline_keyboard ?? []).flatMap((row, y) =>
    row.map(({ callback_data: data }, x) => ({ id: `${y}.${x}`, data })),
  );
}

/** The largest of a picture's sizes is the picture itself. */
function pictureOf({ photo, document }: SentMessage, { world }: Telegram): Pick<Bubble, 'image' | 'file'> {
  const picture = photo?.at(-1);
  if (picture !== undefined) return { image: { url: addressOf(picture.file_id, 'image/jpeg'), alt: '' } };
  if (document === undefined) return {};
  return { file: { url: addressOf(document.file_id, 'application/octet-stream'), name: nameOf(document) } };

  function addressOf(id: string, type: string): string {
    const bytes = world.files.get(id)?.bytes;
    return bytes === undefined ? id : `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
  }
}

function nameOf({ file_name: name, file_id: id }: { readonly file_name?: string; readonly file_id: string }): string {
  return name ?? id.split('/').at(-1) ?? id;
}

const STYLES: Readonly<Record<string, Run['style']>> = {
  bold: 'bold',
  italic: 'italic',
  code: 'code',
  pre: 'code',
  strikethrough: 'strike',
};

/** Cut at the borders of entities, which may lie in one another: the innermost decides how a piece looks. */
function runsOf(text: string, entities: readonly Entity[]): Run[] {
  const borders = new Set([0, text.length, ...entities.flatMap(({ offset, length }) => [offset, offset + length])]);
  const cuts = [...borders].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const over = entities.filter(({ offset, length }) => offset <= from && from < offset + length);
    const style = over.map(({ type }) => STYLES[type]).findLast((each) => each !== undefined);
    const url = over.findLast((entity) => entity.url !== undefined)?.url;
    const piece = text.slice(from, cuts[index + 1]);
    return { text: piece, ...(style === undefined ? {} : { style }), ...(url === undefined ? {} : { url }) };
  });
}
