import { z } from 'zod';

/** Major units on the wire, whole minor units in the books: sums never drift. Every currency the shop takes has two decimals. */
export const Money = z
  .strictObject({
    amount: z.number().describe('Major units: 12.5 is twelve and a half.'),
    currency: z.string().length(3),
  })
  .meta({ id: 'Money' });

export function money(minor: number, currency: string): z.infer<typeof Money> {
  return { amount: minor / 100, currency };
}
