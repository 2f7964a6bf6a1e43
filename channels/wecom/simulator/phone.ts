import type { Bubble, Button, Person, Phone, Run, Simulator } from '#channel';
import type { Fault, Simulator as Wecom } from '../simulator.ts';
import { itemsIn, wordsIn } from './customer.ts';
import type { Shown, World } from './world.ts';

/** WeCom's stand-in as the playground uses it: WeChat, with a customer service account's chat open. */
export function onScreen(wecom: Wecom): Simulator {
  return {
    url: wecom.url,
    phone: (person) => phoneOf(person, wecom),
    faults: [...Object.keys(FAULTS), 'duplicate', 'lost', 'human', 'refuse'],
    fail(name) {
      const fault = FAULTS[name];
      if (fault !== undefined) wecom.fail(fault, 'kf/send_msg');
      else if (name === 'duplicate') wecom.callbacks.mischief.duplicate = true;
      else if (name === 'lost') wecom.callbacks.mischief.lost += 1;
      else if (name === 'human' || name === 'refuse') next.set(wecom, name);
    },
    close: () => wecom.close(),
  };
}

const FAULTS: Readonly<Record<string, Fault>> = {
  flood: { kind: 'refuse', errcode: 45_009 },
  quota: { kind: 'refuse', errcode: 95_001 },
  busy: { kind: 'refuse', errcode: -1 },
  error: { kind: 'error', status: 502 },
  expired: { kind: 'expired' },
  drop: { kind: 'drop' },
  cut: { kind: 'cut' },
};

/** What is to happen to the next who writes: a colleague takes her, or she refuses what she is sent. */
const next = new WeakMap<Wecom, 'human' | 'refuse'>();

function phoneOf({ name }: Person, wecom: Wecom): Phone {
  const { callbacks, world } = wecom;
  const customer = wecom.customer();

  /** One act of hers, with what was to go wrong with it. */
  async function act(does: () => unknown): Promise<void> {
    does();
    const fate = next.get(wecom);
    next.delete(wecom);
    if (fate === 'human') customer.taken('colleague');
    if (fate === 'refuse') customer.refuse();
    await callbacks.settled();
    callbacks.mischief.duplicate = false;
  }

  return {
    address: `${customer.kf}/${customer.id}`,
    get screen() {
      return customer.screen.map((shown) => bubbleOf(shown, world));
    },
    // WeCom has no such sign.
    typing: false,
    open: () => act(() => customer.enter(name)),
    write: (text) => act(() => customer.say(text)),
    async tap(bubble, button) {
      const shown = customer.screen.find(({ id }) => id === bubble);
      const item = shown && itemsIn(shown.message)[Number(button)];
      if (item?.id === undefined) return;
      const { id, label } = item;
      await act(() => customer.tapOn(id, label));
    },
    attach: ({ name: file, type, bytes }) =>
      act(() => (type.startsWith('image/') ? customer.photo(bytes) : customer.file(file, bytes, type))),
    watch: (listener) => wecom.watch(listener),
  };
}

const FROM = { me: 'customer', bot: 'bot', agent: 'bot', wecom: 'system' } as const;

function bubbleOf({ id, from, message, at }: Shown, world: World): Bubble {
  const buttons = itemsIn(message).map(
    ({ label, url }, index): Button => ({ id: String(index), label, ...(url === undefined ? {} : { url }) }),
  );
  return {
    id,
    from: FROM[from],
    ...seenIn(message, world),
    // One below the other, as WeChat shows a menu.
    ...(buttons.length === 0 ? {} : { buttons: buttons.map((button) => [button]) }),
    at,
  };
}

type Fields = Readonly<Record<string, string | undefined>>;

function seenIn(message: Shown['message'], world: World): Pick<Bubble, 'text' | 'image' | 'file' | 'cards'> {
  const { image, file, link } = message as Readonly<Record<string, Fields | undefined>>;
  if (image !== undefined) return { text: [], image: { url: dataOf(image.media_id, world), alt: '' } };
  if (file !== undefined) {
    const name = world.media.get(file.media_id ?? '')?.name ?? 'file';
    return { text: [], file: { url: dataOf(file.media_id, world), name } };
  }
  if (link === undefined) return { text: runsOf(wordsIn(message)) };
  const { title = '', desc = '', url = '' } = link;
  const picture = { url: dataOf(link.thumb_media_id, world), alt: '' };
  return { text: [], cards: [{ title: [{ text: title, url }], text: runsOf(desc), image: picture }] };
}

function dataOf(id: string | undefined, { media }: World): string {
  const stored = media.get(id ?? '');
  return stored === undefined ? '' : `data:${stored.type};base64,${Buffer.from(stored.bytes).toString('base64')}`;
}

/** WeChat makes addresses tappable by itself. */
function runsOf(text: string): Run[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^https?:\/\//.test(piece) ? { text: piece, url: piece } : { text: piece }));
}
