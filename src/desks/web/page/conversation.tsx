import { ActionBar } from './action-bar.tsx';
import { Composer } from './composer.tsx';
import { Drafts } from './drafts.tsx';
import { Due } from './due.tsx';
import { Icon } from './icon.tsx';
import { Log } from './log.tsx';
import { Portrait } from './portrait.tsx';
import { agentCalled, nameOf, useView } from './view.ts';

/** The conversation that is open: who it is, what may be done with it, what was said, and where to write. */
export function Conversation({ showDetails }: { showDetails: () => void }) {
  const { store, state, words } = useView();
  const { thread, open } = state;
  const card = open === undefined ? undefined : (state.cards.get(open) ?? thread?.card);
  if (card === undefined)
    return (
      <section class="talk" id="talk" tabIndex={-1} aria-label={words.log}>
        <div class="choose">
          <Icon name="reply" />
          <h2>{words.choose}</h2>
          <p>{words.chooseUnder}</p>
        </div>
      </section>
    );
  const name = nameOf(card, words);
  const isMine = card.agent === state.world?.me;
  return (
    <section class="talk" id="talk" tabIndex={-1} aria-label={name}>
      <header class="talk-head">
        <button type="button" class="icon-button to-list" aria-label={words.back} onClick={() => store.open(undefined)}>
          <Icon name="back" />
        </button>
        <Portrait name={name} />
        <div class="whose">
          <h2>
            <bdi>{name}</bdi> <span class="number">#{card.number}</span>
          </h2>
          <p>
            <span class="tag stand" data-at={card.at}>
              {words.stands[card.at]}
            </span>
            {!isMine && card.agent !== undefined && card.at !== 'closed' && (
              <span class="tag">{words.withAgent(agentCalled(card.agent, state))}</span>
            )}
            <Due card={card} />
          </p>
        </div>
        <button type="button" class="icon-button to-packet" aria-label={words.showPacket} onClick={showDetails}>
          <Icon name="info" />
        </button>
      </header>
      <ActionBar card={card} />
      <Log />
      <Drafts card={card} />
      <Composer key={card.conversation} card={card} />
    </section>
  );
}
