import { z } from 'zod';
import { read } from './endpoint.ts';
import { Money, money } from './money.ts';
import { notFound } from './refusal.ts';

const CardNumber = z.string().regex(/^GC-[0-9]{8}$/);
const GiftCard = z
  .strictObject({ number: CardNumber, balance: Money, expires_on: z.iso.date() })
  .meta({ id: 'GiftCard' });

/** Whoever holds the card's number may ask, as with a paper card: it belongs to nobody in particular. */
export const giftCards = [
  read('/gift-cards/{number}', {
    summary: 'What is left on a gift card',
    takes: z.strictObject({ number: CardNumber }),
    answer: GiftCard,
    refuses: ['not_found'],
    handle: (shop, { number }) => {
      const card = shop.books
        .prepare<[string], { balance: number; currency: string; expires_on: string }>(
          'SELECT * FROM gift_card WHERE number = ?',
        )
        .get(number);
      if (card === undefined) throw notFound();
      return { number, balance: money(card.balance, card.currency), expires_on: card.expires_on };
    },
  }),
];
