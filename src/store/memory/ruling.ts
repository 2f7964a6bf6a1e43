import type { JsonObject } from '../../type.ts';

/** Who must not be written to, by account and address. */
export function rulings() {
  const kept = new Map<string, JsonObject>();
  const placeOf = (account: string, address: string) => `${account}\n${address}`;
  return {
    find: (account: string, address: string) => kept.get(placeOf(account, address)),
    keep({ account, address }: { account: string; address: string }, ruling: JsonObject | null): void {
      if (ruling === null) kept.delete(placeOf(account, address));
      else kept.set(placeOf(account, address), ruling);
    },
    move(account: string, from: string, to: string): void {
      const ruling = kept.get(placeOf(account, from));
      if (ruling !== undefined && kept.delete(placeOf(account, from))) kept.set(placeOf(account, to), ruling);
    },
  };
}

export type Rulings = ReturnType<typeof rulings>;
