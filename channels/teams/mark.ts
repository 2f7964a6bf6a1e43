import { adaptiveCard, type Card, image, openUrl, words } from './card.ts';
import type { Offer } from './offer.ts';

/** A card after it was answered: what it said, what was picked instead of the buttons, and the links it had. */
export function marked({ said = '', image: picture, links = [] }: Offer, picked: string): Card {
  const body = [
    ...(picture === undefined ? [] : [image(picture)]),
    ...words(said),
    ...words(`▸ ${picked}`, { weight: 'Bolder', literal: true }),
  ];
  return adaptiveCard(body, links.map(openUrl));
}
