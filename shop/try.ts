import { z } from 'zod';
import { demo } from './endpoint.ts';
import { Status } from './orders.ts';
import { PEOPLE } from './seed/people.ts';

const Person = z.strictObject({
  name: z.string(),
  email: z.string(),
  customer_id: z.string(),
  locale: z.enum(['en', 'zh']),
  shows: z.string(),
  shows_zh: z.string(),
  orders: z.array(z.strictObject({ id: z.string(), status: Status, day: z.int().describe('Days from today.') })),
  wrong_charge: z
    .strictObject({
      invoice: z.string(),
      label: z.string(),
      wrong: z.enum(['duplicate', 'unknown']),
      disputed: z.boolean(),
    })
    .nullable(),
  foreign_order: z.string().describe('Somebody else’s: must look as if it did not exist.'),
});

/** Who to be when trying the bot. The same people in every shop. */
export const demoPeople = [
  demo('GET /demo/people', {
    summary: 'People to try',
    takes: z.strictObject({}),
    answer: z.array(Person),
    handle: () => peopleToTry(),
  }),
];

export function peopleToTry(): z.infer<typeof Person>[] {
  return PEOPLE.map(({ id, name, email, locale, shows, shows_zh, orders, invoices }, at) => {
    const wrong = invoices.flatMap((invoice) =>
      invoice.charges.filter((charge) => charge.wrong).map((charge) => ({ invoice, charge })),
    )[0];
    // The next neighbour who has ordered anything.
    const others = [...PEOPLE.slice(at + 1), ...PEOPLE.slice(0, at)];
    return {
      name,
      email,
      customer_id: id,
      locale,
      shows,
      shows_zh,
      orders: orders.map(({ id: order, status, day }) => ({ id: order, status, day })),
      wrong_charge:
        wrong?.charge.wrong === undefined
          ? null
          : {
              invoice: wrong.invoice.id,
              label: wrong.charge.label,
              wrong: wrong.charge.wrong,
              disputed: wrong.charge.disputed === true,
            },
      foreign_order: others.find((other) => other.orders.length > 0)!.orders[0]!.id,
    };
  });
}
