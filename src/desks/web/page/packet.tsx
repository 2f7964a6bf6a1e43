import type { Card } from '../protocol.ts';
import { Fact } from './fact.tsx';
import { Icon } from './icon.tsx';
import { plain } from './plain.ts';
import { Tasks } from './tasks.tsx';
import { agentCalled, clockTime, nameOf, timeIn, useNow, useView } from './view.ts';

/** All that is known: what has happened, who she is, what was found out, what was promised, who had it. */
export function Packet({ hide }: { hide: () => void }) {
  const { state, words } = useView();
  const { open } = state;
  const card = open === undefined ? undefined : (state.cards.get(open) ?? state.thread?.card);
  return (
    <section class="packet" aria-label={words.packet} ref={scrollable}>
      <button type="button" class="icon-button to-talk" aria-label={words.toTalk} onClick={hide}>
        <Icon name="back" />
      </button>
      {card !== undefined && (
        <>
          <Tasks card={card} />
          <Summary card={card} />
          <Customer card={card} />
          <Known card={card} />
          <Promises card={card} />
          <History />
        </>
      )}
    </section>
  );
}

/** So that it can be scrolled by keys. */
function scrollable(element: HTMLElement | null): void {
  if (element !== null) element.tabIndex = 0;
}

function Summary({ card }: { card: Card }) {
  const { words } = useView();
  const { summary, reason, flow, mood, position } = card;
  return (
    <section>
      <h3>{words.summary}</h3>
      {summary.length > 0 && (
        <ul class="summary">
          {summary.map((line) => (
            <li key={line} dir="auto">
              {plain(line)}
            </li>
          ))}
        </ul>
      )}
      <p class="tags">
        {mood !== undefined && <span class="tag hot">{words.mood}</span>}
        {position !== undefined && <span class="tag">{words.position(position)}</span>}
      </p>
      <dl class="facts">
        {reason !== '' && <Fact name={words.reason} value={reason} />}
        {flow !== undefined && <Fact name={words.flow} value={`${flow.title || flow.name} › ${flow.step}`} />}
        <Fact name={words.queue} value={card.queue || '–'} />
      </dl>
    </section>
  );
}

function Customer({ card }: { card: Card }) {
  const { words, language } = useView();
  const { verified, attributes, locale, channel, account } = card.customer;
  const isKnown = card.customer.name !== undefined || Object.keys(attributes).length > 0;
  return (
    <section>
      <h3>{words.who}</h3>
      <p class="verified" data-verified={verified !== undefined}>
        <Icon name="shield" />
        <span>
          <b>{verified === undefined ? words.unverified : words.verified}</b>{' '}
          {verified !== undefined &&
            `${words.verifiedBy[verified.by]}${verified.at > 0 ? `, ${clockTime(verified.at, language)}` : ''}`}
        </span>
      </p>
      {isKnown ? (
        <dl class="facts">
          <Fact name={words.customer} value={nameOf(card, words)} />
          {Object.entries(attributes)
            .filter(([name]) => name !== 'name')
            .map(([name, value]) => (
              <Fact key={name} name={name} value={value} masked={{ card, what: `customer.${name}` }} />
            ))}
        </dl>
      ) : (
        <p class="soft">{words.anonymous}</p>
      )}
      <dl class="facts">
        <Fact name={words.app} value={channel === '' || channel === account ? account : `${channel} (${account})`} />
        {locale !== '' && <Fact name={words.speaks} value={languageCalled(locale, language)} />}
      </dl>
    </section>
  );
}

function languageCalled(locale: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(locale) ?? locale;
  } catch {
    // No language tag: shown as it stands.
    return locale;
  }
}

function Known({ card }: { card: Card }) {
  const { words } = useView();
  const known = Object.entries(card.attach);
  if (known.length === 0) return null;
  return (
    <section>
      <h3>{words.known}</h3>
      <dl class="facts">
        {known.map(([name, value]) => (
          <Fact key={name} name={name} value={value} masked={{ card, what: `attach.${name}` }} />
        ))}
      </dl>
    </section>
  );
}

function Promises({ card }: { card: Card }) {
  const { words, language } = useView();
  const now = useNow();
  if (card.due.length === 0) return null;
  return (
    <section>
      <h3>{words.promised}</h3>
      <dl class="facts clocks">
        {card.due.map(({ clock, at }) => {
          const left = at - now;
          return (
            <div key={clock} data-how={left < 0 ? 'late' : left < 60_000 ? 'soon' : 'calm'}>
              <dt>{words.promises[clock]}</dt>
              <dd>
                {left < 0 ? '−' : ''}
                {timeIn(Math.abs(left), language)}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

/** What the desk did with it, the last first. */
function History() {
  const { state, words, language } = useView();
  const events = (state.thread?.items ?? []).filter((item) => item.kind === 'event').toReversed();
  if (events.length === 0) return null;
  return (
    <section>
      <h3>{words.history}</h3>
      <ol class="history">
        {events.map(({ key, on, by, agent, queue = '', outcome = '', at }) => (
          <li key={key}>
            <time>{clockTime(at, language)}</time>
            <span>
              {words.events[on]?.({
                ...{ by: agentCalled(by, state), agent: agentCalled(agent, state), queue },
                outcome: words.outcomes[outcome] ?? outcome,
              })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
