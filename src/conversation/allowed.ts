import { linkable, type MayLink, withoutStrangeAddresses } from '../links.ts';
import type { Card, Link, Message } from '../message.ts';

/**
 * A message of the bot's without what leads to hosts that are not the business's: whatever a name, a note or a document said, nobody is sent
 * to a stranger by it. How many addresses went.
 */
export function withoutStrangers(message: Message, mayLink: MayLink): { message: Message; refused: number } {
  let refused = 0;
  const told = (text: string) => {
    const kept = withoutStrangeAddresses(text, mayLink);
    if (kept === text) return text;
    refused += 1;
    return kept.replace(/ {2,}/g, ' ').trim();
  };
  const leads = ({ url }: { readonly url: string }) => {
    // An address within the chat itself leads to nobody else.
    const isOwn = !/^[a-z][a-z0-9+.-]*:/i.test(url) || linkable(url, mayLink) !== undefined;
    if (!isOwn) refused += 1;
    return isOwn;
  };
  const linksOf = (links: readonly Link[]) => links.filter(leads).map((link) => ({ ...link, title: told(link.title) }));
  const cardOf = (card: Card): Card => {
    const { image, ...rest } = card;
    return {
      ...rest,
      title: told(card.title),
      ...(card.text !== undefined && { text: told(card.text) }),
      ...(card.fields && { fields: card.fields.map(({ name, value }) => ({ name, value: told(value) })) }),
      ...(card.links && { links: linksOf(card.links) }),
      ...(image && leads(image) && { image }),
    };
  };
  const { image, file, ...rest } = message;
  const safe: Message = {
    ...rest,
    text: told(message.text),
    ...(message.links && { links: linksOf(message.links) }),
    ...(message.card && { card: cardOf(message.card) }),
    ...(message.carousel && { carousel: message.carousel.map(cardOf) }),
    ...(image && leads(image) && { image }),
    ...(file && leads(file) && { file }),
  };
  return refused === 0 ? { message, refused } : { message: safe, refused };
}
