import { z } from 'zod';
import { read } from './endpoint.ts';
import { CustomerId } from './orders.ts';
import { notFound } from './refusal.ts';

const Profile = z
  .strictObject({ id: CustomerId, name: z.string(), language: z.string(), currency: z.string().length(3) })
  .meta({ id: 'Profile' });

/** What a customer is called, and how she likes to be spoken to: nothing that proves who somebody is. */
export const customers = [
  read('/customers/{customer_id}', {
    summary: 'A customer’s name, language and currency',
    takes: z.strictObject({ customer_id: CustomerId }),
    answer: Profile,
    refuses: ['not_found'],
    handle: (shop, { customer_id }) => {
      const row = shop.books
        .prepare<[string], z.infer<typeof Profile>>(
          'SELECT id, name, locale AS language, currency FROM customer WHERE id = ?',
        )
        .get(customer_id);
      if (row === undefined) throw notFound();
      return row;
    },
  }),
];
