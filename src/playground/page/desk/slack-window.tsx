import { useEffect, useState } from 'preact/hooks';
import type { Deed } from '../../protocol.ts';
import { Icon } from '../icon.tsx';
import { useKept, useView } from '../view.ts';
import { DeskContext, HOME, waitingIn } from './desk-view.ts';
import { Home } from './home.tsx';
import { Modal } from './modal.tsx';
import { Channel, Thread } from './places.tsx';
import { Sidebar } from './sidebar.tsx';
import { Steps } from './steps.tsx';
import { DESK_WORDS } from './words.ts';

interface WindowParts {
  /** A thread that somebody wants to see; a new object each time. */
  readonly wanted: { readonly channel: string; readonly ts: string } | undefined;
  /** A conversation is looked at: its customer's phone should be, too. */
  readonly lookAt: (conversation: string) => void;
}

/** The agents' workspace, as one of them has it open. */
export function SlackWindow({ wanted, lookAt }: WindowParts) {
  const { state, act, language } = useView();
  const [agent, setAgent] = useKept<string>('agent', '');
  const [place, setPlace] = useState('');
  const [thread, setThread] = useState<string>();
  const { desk: view } = state;
  const words = DESK_WORDS[language];
  const channels = Object.values(state.channels);
  const me = view?.members.find(({ name }) => name === agent) ?? view?.members[0];
  const [first] = channels;

  useEffect(() => {
    if (wanted !== undefined) openThread(wanted.channel, wanted.ts);
  }, [wanted]);
  useEffect(() => {
    if (place === HOME && me !== undefined) act({ do: 'desk', agent: me.name, deed: { do: 'home' } });
  }, [place, me?.name]);
  if (view === undefined || me === undefined || first === undefined) return null;

  const channel = state.channels[place] ?? first;
  const root = thread !== undefined && channel.messages.some(({ ts }) => ts === thread) ? thread : undefined;
  const isHome = place === HOME;
  function openThread(id: string, ts: string | undefined): void {
    setPlace(id);
    setThread(ts);
    const card = state.channels[id]?.messages.find((message) => message.ts === ts);
    if (card?.conversation !== undefined) lookAt(card.conversation);
  }
  const deed = (what: Deed) => act({ do: 'desk', agent: me.name, deed: what });
  const rests = view.restsUntil;

  return (
    <DeskContext.Provider value={{ view, channels, me, do: deed, openThread }}>
      <section class="slack" aria-labelledby="slack-title">
        <div class="caption" data-look="slack">
          <h2 id="slack-title">{words.title}</h2>
          <BreakIt faults={view.faults} />
        </div>
        <Steps waiting={waitingIn(channels)} />
        <div class="slack-window" data-thread={!isHome && root !== undefined}>
          <div class="slack-inside" inert={me.modal !== undefined}>
            <Sidebar
              place={isHome ? HOME : channel.id}
              go={(to) => {
                setPlace(to);
                setThread(undefined);
              }}
              setAgent={setAgent}
            />
            {isHome ? <Home /> : <Channel channel={channel} openThread={root} />}
            {!isHome && root !== undefined && (
              <Thread channel={channel} root={root} close={() => setThread(undefined)} />
            )}
          </div>
          {me.modal !== undefined && <Modal view={me.modal} />}
          {rests !== undefined && <Rests until={rests} />}
        </div>
      </section>
    </DeskContext.Provider>
  );
}

function BreakIt({ faults }: { faults: readonly string[] }) {
  const { act, words, language } = useView();
  const own = DESK_WORDS[language];
  const [armed, setArmed] = useState<string>();
  return (
    <>
      <details class="menu">
        <summary>
          <Icon name="bolt" />
          {words.breakIt}
        </summary>
        <div class="sheet">
          <p>{own.breakLead}</p>
          {faults.map((fault) => (
            <button
              key={fault}
              type="button"
              onClick={(event) => {
                act({ do: 'desk', agent: '', deed: { do: 'break', fault } });
                setArmed(fault === 'rest' ? undefined : fault);
                event.currentTarget.closest('details')?.removeAttribute('open');
              }}
            >
              {own.faults[fault] ?? fault}
            </button>
          ))}
        </div>
      </details>
      {armed !== undefined && (
        <p class="armed" role="status">
          {own.faults[armed] ?? armed}
          <button type="button" aria-label={own.dismiss} onClick={() => setArmed(undefined)}>
            ×
          </button>
        </p>
      )}
    </>
  );
}

/** Slack is down: nothing can be done there, and nothing is lost. */
function Rests({ until }: { until: number }) {
  const { act, language } = useView();
  const words = DESK_WORDS[language];
  const time = new Date(until).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
  return (
    <div class="rests" role="alert">
      <p>{words.rests(time)}</p>
      <button type="button" class="act" data-style="primary" onClick={() => act({ do: 'pass', hours: 1 / 6 + 0.001 })}>
        {words.pass}
      </button>
      <a href="/console/desk" target="_blank" rel="noopener">
        {words.webDesk}
      </a>
    </div>
  );
}
