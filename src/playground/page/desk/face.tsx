const COLOURS = 6;
const LARGEST = 9_973;

/** Somebody's picture: a square in a colour of her own. */
export function Face({ name }: { name: string }) {
  const sum = [...name].reduce((total, letter) => (total * 24 + (letter.codePointAt(0) ?? 0)) % LARGEST, 0);
  return (
    <span class="face" data-colour={sum % COLOURS} aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
