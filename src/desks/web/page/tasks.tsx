import type { Act, Card } from '../protocol.ts';
import { Fact } from './fact.tsx';
import { plain } from './plain.ts';
import { agentCalled, useView } from './view.ts';

/** What flows wait for: a yes or no, or that something is done. */
export function Tasks({ card }: { card: Card }) {
  const { store, state, words } = useView();
  const { conversation } = card;
  // What the bot would say stands where answers are written.
  const tasks = (state.thread?.tasks ?? card.tasks ?? []).filter(({ proposal }) => proposal === undefined);
  if (tasks.length === 0) return null;
  const act = (wanted: Act) => void store.act(conversation, wanted);
  return (
    <section class="tasks">
      <h3>{words.decide}</h3>
      {tasks.map(({ id, mode, reason, queue, attach, ended }) => (
        <article key={id}>
          <b>{plain(reason).replaceAll('_', ' ')}</b>
          <dl class="facts">
            <Fact name={words.queue} value={queue} />
            {Object.entries(attach).map(([name, value]) => (
              <Fact key={name} name={name} value={value} />
            ))}
          </dl>
          {ended !== undefined && (
            <p class="soft">
              {words.ended[ended.how]} {agentCalled(ended.by, state)} {plain(ended.note ?? '')}
            </p>
          )}
          <div class="buttons" hidden={ended !== undefined}>
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
