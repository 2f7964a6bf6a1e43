import { useState } from 'preact/hooks';
import { useView } from '../view.ts';
import { waitingIn } from './desk-view.ts';
import { DESK_WORDS } from './words.ts';

interface NudgeParts {
  /** On a wide screen it stands beside the phone. */
  readonly isDeskInSight: boolean;
  readonly show: (channel: string, ts: string) => void;
}

/** A customer has asked for a human while nobody looks at the desk: that way. */
export function Nudge({ isDeskInSight, show }: NudgeParts) {
  const { state, language } = useView();
  const words = DESK_WORDS[language];
  const [over, setOver] = useState<readonly string[]>([]);
  const newest = waitingIn(Object.values(state.channels))
    .filter(({ card }) => !over.includes(card.ts))
    .at(-1);
  if (newest === undefined) return null;
  const { channel, card } = newest;
  return (
    <div class="nudge" role="status" data-small-only={isDeskInSight}>
      <p>
        <span>{words.asked}</span>
        <button type="button" onClick={() => show(channel, card.ts)}>
          {words.look} →
        </button>
        <button type="button" class="over" aria-label={words.dismiss} onClick={() => setOver([...over, card.ts])}>
          ×
        </button>
      </p>
    </div>
  );
}
