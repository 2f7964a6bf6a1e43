import type { ComponentChildren } from 'preact';
import type { TracedTurn } from '../protocol.ts';
import { lookOf } from './looks.ts';
import { useView } from './view.ts';

/** Turn by turn, the newest first: what came in, what was made of it, and what went out. */
export function Inside({ kind }: { kind: string }) {
  const { state, words, language } = useView();
  const turns = (state.traces[kind] ?? []).toReversed();
  return (
    <div class="pane inside">
      <h2 class="hidden">{words.inside}</h2>
      <p class="lead">{words.insideLead(lookOf(kind).name[language])}</p>
      {turns.length === 0 && <p class="nothing">{words.insideEmpty}</p>}
      <ol>
        {turns.map((turn, index) => (
          <li key={turn.id}>
            <Turn turn={turn} isOpen={index < 2} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Turn({ turn, isOpen }: { turn: TracedTurn; isOpen: boolean }) {
  const { words, language } = useView();
  const { event, said, understood, stack, slots, effects, at, kept } = turn;
  const time = new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return (
    <details class="turn" open={isOpen} data-kept={kept}>
      <summary>
        <span class="event" data-event={event}>
          {words.events[event] ?? event}
          {!kept && <small> · {words.notKept}</small>}
        </span>
        <time>{time}</time>
        <q>{said}</q>
      </summary>
      {understood !== undefined && (
        <Row name={words.understood}>
          {understood.length === 0 ? (
            <span class="chip none">∅</span>
          ) : (
            understood.map((command) => (
              <span key={command} class="chip command">
                {command}
              </span>
            ))
          )}
        </Row>
      )}
      <Row name={words.stands}>
        {stack.length === 0 ? (
          <span class="soft">{words.idle}</span>
        ) : (
          stack.map(({ flow, step }, index) => (
            <span class="place" data-top={index === stack.length - 1}>
              {flow} {step !== '' && <b>{step}</b>}
            </span>
          ))
        )}
      </Row>
      {slots.length > 0 && (
        <Row name={words.slots}>
          <dl>
            {slots.map(({ name, value, fresh }) => (
              <div key={name} data-fresh={fresh}>
                <dt>{name}</dt>
                <dd title={value}>{value}</dd>
              </div>
            ))}
          </dl>
        </Row>
      )}
      {effects.length > 0 && (
        <Row name={words.effects}>
          <ul>
            {effects.map(({ kind, text, delivery }) => (
              <li>
                <span class="effect" data-effect={kind}>
                  {words.effectKinds[kind] ?? kind}
                </span>
                <span class="what">{text}</span>
                {delivery !== undefined && (
                  <span class="delivery" data-delivery={delivery}>
                    {words.deliveries[delivery] ?? delivery}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </Row>
      )}
    </details>
  );
}

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <p>{name}</p>
      <div>{children}</div>
    </div>
  );
}
