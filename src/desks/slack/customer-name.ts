import type { Head } from '../../handoff/desk.ts';

/** What a customer is called: as she has told or the business knows, else by what it calls her in its books. `undefined`: nobody knows. */
export function nameOf({ name, attributes }: Head['customer']): string | undefined {
  return typeof attributes.name === 'string' && attributes.name !== '' ? attributes.name : name;
}
