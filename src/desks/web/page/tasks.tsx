import type { Act, Card } from '../protocol.ts';
import { Fact } from './fact.tsx';
import { useView } from './view.ts';

/** What flows wait for: a yes or no, or that something is done. */
export function Tasks({ card }: { card: Card }) {
  const { store, words } = useView();
  const { tasks = [], conversation } = card;
  if (tasks.length === 0) return null;
  const act = (wanted: Act) => void store.act(conversation, wanted);
  return (
    <section class="tasks">
      <h2>{words.decide}</h2>
      {tasks.map(({ id, mode, reason, queue, attach }) => (
        <article key={id}>
          <b>{reason.replaceAll('_', ' ')}</b>
          <dl class="facts">
            <Fact name={words.queue} value={queue} />
            {Object.entries(attach).map(([name, value]) => (
              <Fact key={name} name={name} value={value} />
            ))}
          </dl>
          <div class="buttons">
            {mode === 'approval' ? (
              <>
                <button type="button" onClick={() => act({ do: 'decide', task: id, outcome: 'rejected' })}>
                  {words.reject}
                </button>
                <button
                  type="button"
                  class="primary"
                  onClick={() => act({ do: 'decide', task: id, outcome: 'approved' })}
                >
                  {words.approve}
                </button>
              </>
            ) : (
              <button type="button" class="primary" onClick={() => act({ do: 'done', task: id })}>
                {words.taskDone}
              </button>
            )}
          </div>
        </article>
      ))}
    </section>
  );
}
