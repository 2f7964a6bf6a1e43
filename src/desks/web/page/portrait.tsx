/** Somebody's initials, in a colour of her own. */
export function Portrait({ name, isSmall = false }: { name: string; isSmall?: boolean }) {
  return (
    <span class="portrait" data-hue={hueOf(name)} data-small={isSmall} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  const letter = (word: string) => [...word].find((one) => /[\p{L}\p{N}]/u.test(one)) ?? '';
  return `${letter(first)}${letter(last)}`.toUpperCase() || '·';
}

function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 37 + (letter.codePointAt(0) ?? 0)) % 1013;
  return sum % 6;
}
