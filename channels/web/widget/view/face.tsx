/** The first letter of a name in a circle. */
export function Face({ name }: { name: string }) {
  return (
    <span class="face" aria-hidden="true">
      {[...name][0]}
    </span>
  );
}
