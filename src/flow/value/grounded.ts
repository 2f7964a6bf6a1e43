/**
 * Does what a model says come from what it was given? Not meant as a judge of meaning: it holds what a wrong answer does harm by.
 * Pure and strict: in doubt the answer is no, since there is always something to do without it.
 */

/** Every number, address and e-mail of `text` stands in `source`, too. Amounts and dates may be written in another way. */
export function keepsFacts(text: string, source: string): boolean {
  const [said, given] = [plain(text), plain(source)];
  const known = figuresIn(given);
  if (![...runsIn(said)].every((figures) => figures.some((figure) => known.has(figure)))) return false;
  return [...said.matchAll(ADDRESS)].every(([address]) => given.includes(address.replace(/[.,]$/, '')));
}

/** `value` stands in `source` as it is, whatever its case, its spaces and its dashes; a phone number also without its country. */
export function isSpan(value: string, source: string): boolean {
  const wanted = bare(/^\+\d{8,15}$/.test(value) ? value.slice(-SUBSCRIBER) : value);
  return wanted !== '' && bare(source).includes(wanted);
}

const SUBSCRIBER = 7;

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function bare(text: string): string {
  return plain(text).replace(/[\s\-–—_.,;:!?'"()/]+/g, '');
}

/** Digits, perhaps grouped by threes and with cents; a comma between two numbers of a list joins nothing. */
const NUMBER = /(?:\d{1,3}(?:[.,' ]\d{3}(?!\d))+|\d+)(?:[.,]\d{1,2}(?!\d))?/g;
const ADDRESS = /[a-z][a-z\d+.-]*:\/\/\S+|\bwww\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+/g;

/** A number as it may be meant: whole, without its cents, or its parts one by one (a date, a time). */
function readings(number: string): string[] {
  const parts = number.split(/\D/).map(unpadded);
  const joined = number.replace(/[.,]\d{1,2}$/, '').replace(/\D/g, '');
  return [unpadded(number.replace(/\D/g, '')), unpadded(joined), ...(parts.length > 1 ? [parts.join(' ')] : [])];
}

function figuresIn(text: string): ReadonlySet<string> {
  const parts = [...text.matchAll(/\d+/g)].map(([digits]) => unpadded(digits));
  return new Set([...parts, ...[...text.matchAll(NUMBER)].flatMap(([number]) => readings(number))]);
}

function* runsIn(text: string): Generator<string[]> {
  for (const [number] of text.matchAll(NUMBER)) yield readings(number);
}

function unpadded(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
