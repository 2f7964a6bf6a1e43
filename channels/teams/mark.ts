import { adaptiveCard, type Card, openUrl, words } from './card.ts';
import type { Offer } from './offer.ts';

/** A card after it was answered: its question, what was picked instead of the buttons, and the links it had. */
export function marked({ said, links = [] }: Offer, picked: string): Card {
  return adaptiveCard(
    [...words(said ?? ''), ...words(`▸ ${picked}`, { weight: 'Bolder', literal: true })],
    links.map(openUrl),
  );
}
