import { useState } from 'preact/hooks';
import type { Card } from '../protocol.ts';
import { Due } from './due.tsx';
import { groupsOf, matches } from './groups.ts';
import { Icon } from './icon.tsx';
import { plain } from './plain.ts';
import { Portrait } from './portrait.tsx';
import { agentCalled, clockTime, nameOf, useView } from './view.ts';

/** Everything at the desk: what is offered to her, what is hers by its promises, who waits, what colleagues have, what has ended. */
export function Queue() {
  const { state, words } = useView();
  const [search, setSearch] = useState('');
  const [queue, setQueue] = useState('');
  const [isClosedOpen, setClosedOpen] = useState(false);
  const cards = [...state.cards.values()].filter(
    (card) => (queue === '' || card.queue === queue) && matches(card, search, words),
  );
  const groups = groupsOf(cards, state.world?.me ?? '');
  const isQuiet = groups.every(({ name, cards }) => name === 'closed' || cards.length === 0);
  const mine = state.world?.agents.find(({ name }) => name === state.world?.me)?.queues ?? [];
  return (
    <nav class="queue" aria-label={words.list}>
      <div class="filters">
        <label class="search">
          <Icon name="search" />
          <span class="hidden">{words.search}</span>
          <input
            id="search"
            type="search"
            placeholder={words.search}
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
        <label>
          <span class="hidden">{words.queue}</span>
          <select value={queue} onChange={(event) => setQueue(event.currentTarget.value)}>
            <option value="">{words.allQueues}</option>
            {mine.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="groups">
        {groups.map(({ name, cards }) => {
          const isFolded = name === 'closed' && !isClosedOpen && search === '';
          if (cards.length === 0) return null;
          return (
            <section key={name} class="group" data-group={name}>
              <h2>
                {name === 'closed' ? (
                  <button type="button" aria-expanded={!isFolded} onClick={() => setClosedOpen(!isClosedOpen)}>
                    {words[name]} <span class="count">{cards.length}</span>
                  </button>
                ) : (
                  <>
                    {words[name]} <span class="count">{cards.length}</span>
                  </>
                )}
              </h2>
              {!isFolded && (
                <ul>
                  {cards.map((card) => (
                    <li key={card.conversation}>
                      <Row card={card} />
                    </li>
                  ))}
                </ul>
              )}
            </section>
          );
        })}
        {isQuiet && (
          <p class="quiet">
            <b>{search === '' ? words.quiet : words.noneFound}</b>
            {search === '' && <span>{words.quietUnder}</span>}
          </p>
        )}
      </div>
    </nav>
  );
}

function Row({ card }: { card: Card }) {
  const { store, state, words, language } = useView();
  const { conversation, at, agent, queue, priority, last } = card;
  const name = nameOf(card, words);
  const isMine = agent === state.world?.me;
  const isNew = isMine && last?.from === 'customer' && state.seen.get(conversation) !== last.key;
  const from =
    last === undefined || last.from === 'customer' ? '' : `${last.from === 'agent' ? '↩' : words[last.from]} `;
  return (
    <button
      type="button"
      class="row"
      data-at={at}
      data-priority={priority}
      data-new={isNew}
      aria-current={conversation === state.open}
      onClick={() => store.open(conversation)}
    >
      <Portrait name={name} />
      <span class="what">
        <span class="line">
          <bdi class="name">{name}</bdi>
          {isNew && <span class="dot" role="img" aria-label={words.newWords} />}
          <time>{last === undefined ? '' : clockTime(last.at, language)}</time>
        </span>
        <span class="words">
          {from}
          <bdi>{plain(last?.text ?? card.reason)}</bdi>
        </span>
        <span class="line tags">
          <span class="tag queue-tag">{queue || '–'}</span>
          {(priority === 'high' || priority === 'urgent') && <span class="tag hot">{words.priorities[priority]}</span>}
          <span class="tag stand" data-at={at}>
            {agent === undefined || isMine || at === 'queued' ? words.stands[at] : agentCalled(agent, state)}
          </span>
          <Due card={card} isShort />
        </span>
      </span>
    </button>
  );
}
