import { useKept, useView } from './view.ts';

/** For who is here for the first time. */
export function Hint() {
  const { words } = useView();
  const [seen, setSeen] = useKept<'yes' | 'no'>('hint', 'no');
  if (seen === 'yes') return null;
  return (
    <section class="hint" aria-labelledby="hint-title">
      <h2 id="hint-title">{words.hintTitle}</h2>
      <ol>
        {words.hints.map((hint) => (
          <li key={hint}>{hint}</li>
        ))}
      </ol>
      <button type="button" onClick={() => setSeen('yes')}>
        {words.gotIt}
      </button>
    </section>
  );
}
