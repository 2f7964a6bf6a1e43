import { useState } from 'preact/hooks';
import type { Json } from '../../../type.ts';
import type { Card } from '../protocol.ts';
import { Icon } from './icon.tsx';
import { plain } from './plain.ts';
import { useView } from './view.ts';

interface FactParts {
  readonly name: string;
  readonly value: Json;
  /** What it is known by where it is masked, and of which conversation: then it may be shown, and that is logged. */
  readonly masked?: { readonly card: Card; readonly what: string };
}

/** A name and its value, whatever that is. */
export function Fact({ name, value, masked }: FactParts) {
  const { store, words } = useView();
  const [revealed, setRevealed] = useState<string>();
  const text = revealed ?? (typeof value === 'string' ? value : JSON.stringify(value));
  const shown = plain(name).replaceAll('_', ' ');
  const hidden = revealed === undefined && masked?.card.masked.includes(masked.what) ? masked : undefined;
  return (
    <div>
      <dt>{shown}</dt>
      <dd dir="auto">
        {plain(text)}
        {hidden !== undefined && (
          <button
            type="button"
            class="icon-button reveal"
            aria-label={words.reveals(shown)}
            title={words.reveals(shown)}
            onClick={() => void store.reveal(hidden.card.conversation, hidden.what).then(setRevealed)}
          >
            <Icon name="eye" />
          </button>
        )}
      </dd>
    </div>
  );
}
