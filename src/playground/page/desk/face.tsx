const COLOURS = 5;
const LARGEST = 9_973;

/** Somebody's picture: a square in a colour of her own. */
export function Face({ name }: { name: string }) {
  const sum = [...name].reduce((total, letter) => (total * 33 + (letter.codePointAt(0) ?? 0)) % LARGEST, 7);
  return (
    <span class="face" data-colour={sum % COLOURS} aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
