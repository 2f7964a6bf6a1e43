/**
 * A value that a flow has sent along, for people to read: amounts as money, lists with commas, what belongs together as `name: value`.
 * Deeper than that is left out: the card is no place for a document.
 */
export function inWords(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return '–';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map((each) => inWords(each, depth + 1)).join(', ');
  const fields = Object.entries(value);
  const { amount, currency, name, title, qty } = Object.fromEntries(fields);
  if (typeof amount === 'number' && typeof currency === 'string') return `${amount.toFixed(2)} ${currency}`;
  const called = name ?? title;
  if (depth > 0 && typeof called === 'string') return typeof qty === 'number' ? `${qty} × ${called}` : called;
  if (depth > 1) return '…';
  return fields.map(([field, each]) => `${field}: ${inWords(each, depth + 1)}`).join(', ');
}
