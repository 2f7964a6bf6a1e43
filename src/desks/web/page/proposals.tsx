import { useEffect, useRef, useState } from 'preact/hooks';
import type { KnowledgeProposal } from '../../../handoff/review/routing.ts';
import { DRAFT_WORDS } from './draft-words.ts';
import { Icon } from './icon.tsx';
import { plain } from './plain.ts';
import { agentCalled, useView } from './view.ts';

/** For owners: what agents have corrected, to be known by the bot or not. */
export function Proposals() {
  const { store, state, language } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  const [proposals, setProposals] = useState<readonly KnowledgeProposal[]>([]);
  const isOwner = state.world?.isOwner === true;
  const own = DRAFT_WORDS[language];
  const look = () => void store.proposals().then(setProposals);
  // How many there are stands at the button; who looks at it sees them as they are then.
  useEffect(() => {
    if (!isOwner) return undefined;
    look();
    const timer = setInterval(look, EVERY);
    return () => clearInterval(timer);
  }, [isOwner]);
  if (!isOwner) return null;
  const decide = (id: string, verdict: 'approved' | 'declined') => void store.decide(id, verdict).then(look);
  const title = own.proposals(proposals.length);
  return (
    <>
      <button
        type="button"
        class="icon-button proposals-button"
        data-some={proposals.length > 0}
        aria-label={title}
        title={title}
        onClick={() => {
          look();
          dialog.current?.showModal();
        }}
      >
        <Icon name="file" />
      </button>
      <dialog ref={dialog} class="proposals" aria-labelledby="proposals-title">
        <h2 id="proposals-title">{title}</h2>
        <p class="soft">{proposals.length === 0 ? own.noProposals : own.proposalsUnder}</p>
        {proposals.map(({ id, question, before, text, reason, by, set, title: document }) => (
          <article key={id}>
            <b dir="auto">{plain(question)}</b>
            <p class="soft">
              {own.reasons[reason]} · {own.by(agentCalled(by, state))} · {set} › {plain(document)}
            </p>
            <dl>
              <dt>{own.before}</dt>
              <dd dir="auto">{plain(before)}</dd>
              <dt>{own.after}</dt>
              <dd dir="auto">{plain(text)}</dd>
            </dl>
            <div class="buttons">
              <button type="button" onClick={() => decide(id, 'declined')}>
                {own.decline}
              </button>
              <button type="button" class="primary" onClick={() => decide(id, 'approved')}>
                {own.accept}
              </button>
            </div>
          </article>
        ))}
        <form method="dialog" class="buttons">
          <button type="submit">OK</button>
        </form>
      </dialog>
    </>
  );
}

/** Milliseconds. */
const EVERY = 60_000;
