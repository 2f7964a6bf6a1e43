import { useKept, useView } from '../view.ts';
import { useDesk } from './desk-view.ts';

/** For who is here for the first time: what to do next, from the phone's “talk to a human” to the end. */
export function Steps({ waiting }: { waiting: readonly unknown[] }) {
  const { words, channels } = useDesk();
  const { words: page } = useView();
  const [seen, setSeen] = useKept<'yes' | 'no'>('desk-steps', 'no');
  if (seen === 'yes') return null;
  const cards = channels.flatMap(({ messages }) => messages.filter(({ thread }) => thread === undefined));
  const isHeld = cards.some(({ stands }) => HELD.has(stands ?? ''));
  const isAnswered = channels.some(({ messages }) =>
    messages.some(({ isApp, thread, reactions = [] }) => !isApp && thread !== undefined && !reactions.includes('lock')),
  );
  const now = isHeld && !isAnswered ? 2 : waiting.length > 0 ? 1 : isHeld ? 3 : 0;
  return (
    <div class="steps">
      <ol aria-label={words.steps}>
        {words.step.map((step, at) => (
          <li key={step} aria-current={at === now ? 'step' : undefined}>
            <b>{at + 1}</b> {step}
          </li>
        ))}
      </ol>
      <button type="button" onClick={() => setSeen('yes')}>
        {page.gotIt}
      </button>
    </div>
  );
}

const HELD: ReadonlySet<string> = new Set(['active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up']);
