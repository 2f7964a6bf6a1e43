import type { Effect } from '../effect.ts';
import type { Attachment, Message } from '../message.ts';
import type { Deed } from './control.ts';
import { type Policy, queueOf } from './policy.ts';
import { choicesIn, phraseOf } from './words.ts';

/** The house speaks to a customer who waits. */
export function toldBy(
  { phrase, opens, choices }: Extract<Deed, { do: 'tell' }>,
  { policy, zone, queue, locale }: { policy: Policy; zone: string; queue: string | undefined; locale: string },
): Effect {
  const { hours } = queueOf(policy, queue ?? '');
  const text = phraseOf(phrase, { locale, zone: hours?.zone ?? zone }, opens);
  const message = choices === undefined ? { text } : { text, choices: choicesIn(locale) };
  return { kind: 'send', from: 'system', message };
}

/** An agent speaks: her words, then each of her files, under the name that customers know her by. */
export function saidBy(
  { agent, text, attachments = [], said }: Extract<Deed, { do: 'send' }>,
  policy: Policy,
): Effect[] {
  const shown = policy.agents.find(({ name }) => name === agent)?.shown ?? agent;
  const messages = [...(text === '' ? [] : [{ text }]), ...attachments.map(messageOf)];
  // By the first of them the whole is known; the others are known to be of the same command.
  return messages.map((message, index) => ({
    ...{ kind: 'send', from: 'agent' },
    message: { ...message, agent: shown, said: index === 0 ? said : `${said}+${index}` },
  }));
}

/** A file of an agent's, as customers see it. */
function messageOf({ name, type, url }: Attachment): Message {
  return type.startsWith('image/') ? { text: '', image: { url, alt: name } } : { text: '', file: { url, name } };
}
