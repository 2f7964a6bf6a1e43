import type { Bubble, Person, Phone, Run, Simulator } from '#channel';
import type { Fault, Simulator as Twilio } from '../simulator.ts';
import type { Shown, Phone as TwilioPhone } from './phone.ts';

/** Twilio's stand-in as the playground uses it: a phone's own messages app, which knows words and pictures and no buttons. */
export function onScreen(twilio: Twilio): Simulator {
  return {
    url: twilio.url,
    phone: (person) => phoneOf(person, twilio.phone(person.number), () => twilio.deliveries.settled()),
    faults: [...Object.keys(FAULTS), 'duplicate', 'off'],
    fail(name) {
      if (name === 'duplicate') twilio.deliveries.mischief.duplicate = true;
      else if (name === 'off') switchedOff.add(twilio);
      else if (FAULTS[name] !== undefined) twilio.fail(FAULTS[name]);
    },
    close: () => twilio.close(),
  };

  function phoneOf({ number }: Person, phone: TwilioPhone, settled: () => Promise<void>): Phone {
    const listeners = new Set<() => void>();
    phone.onChange = () => {
      for (const listener of listeners) listener();
    };
    const say: TwilioPhone['say'] = (text, ...files) => {
      phone.off = switchedOff.delete(twilio);
      const delivery = phone.say(text, ...files);
      // It was for this delivery only.
      twilio.deliveries.mischief.duplicate = false;
      return delivery;
    };
    return {
      address: number,
      get screen() {
        return phone.screen.map(bubbleOf);
      },
      typing: false,
      async write(text) {
        say(text);
        await settled();
      },
      async tap() {
        // There is nothing to tap on: an SMS is words.
      },
      async attach({ type, bytes }) {
        say('', { type, bytes });
        await settled();
      },
      watch(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
  }
}

const FAULTS: Readonly<Record<string, Fault>> = {
  flood: { kind: 'flood', retryAfter: 2 },
  error: { kind: 'error', status: 503 },
  drop: { kind: 'drop' },
  cut: { kind: 'cut' },
};

/** Whose next writer puts her phone off right after writing: what the bot answers is undelivered. */
const switchedOff = new WeakSet<Twilio>();

const FROM = { me: 'customer', bot: 'bot', twilio: 'system' } as const;

function bubbleOf({ from, text, media, at }: Shown, index: number): Bubble {
  const [image] = media;
  return {
    id: String(index),
    from: FROM[from],
    text: runsOf(text),
    ...(image === undefined ? {} : { image: { url: image, alt: '' } }),
    at,
  };
}

/** Phones make addresses tappable by themselves. */
function runsOf(text: string): Run[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^https?:\/\//.test(piece) ? { text: piece, url: piece } : { text: piece }));
}
