import { ParleyError } from '../../errors.ts';
import type { Json, Money } from '../../type.ts';

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Is it an ISO 4217 code, in capitals? */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

export function isMoney(value: Json): value is { readonly amount: number; readonly currency: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'amount' in value &&
    typeof value.amount === 'number' &&
    'currency' in value &&
    typeof value.currency === 'string'
  );
}

/** Throws `expression.currency` where two sums are of different currencies: no exchange rate is ever guessed. */
export function sameCurrency(left: Money, right: Money): void {
  if (left.currency === right.currency) return;
  throw new ParleyError('expression.currency', `Money in ${left.currency} met money in ${right.currency}.`, {
    hint: 'Compare and add sums of one currency, or look at ".currency" first.',
  });
}

/** Money with its amount rounded to the currency's smallest coin, so that 0.1 + 0.2 is 0.3. */
export function money(amount: number, currency: string): { readonly amount: number; readonly currency: string } {
  const scale = 10 ** decimals(currency);
  // The nudge undoes binary error before rounding: 1.005 is stored as 1.00499….
  const rounded = Math.round(Math.abs(amount) * scale * (1 + Number.EPSILON)) / scale;
  if (!Number.isFinite(rounded)) throw new ParleyError('expression.arithmetic', 'The sum is too large to be money.');
  return { amount: amount < 0 && rounded !== 0 ? -rounded : rounded, currency };
}

const digits = new Map<string, number>();

/** How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
function decimals(currency: string): number {
  const known = digits.get(currency);
  if (known !== undefined) return known;
  if (!isCurrency(currency)) return 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const count = format.resolvedOptions().maximumFractionDigits ?? 2;
  digits.set(currency, count);
  return count;
}
