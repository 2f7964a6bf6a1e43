import { Icon } from '../icon.tsx';
import { HOME, useDesk, waitingIn } from './desk-view.ts';
import { Face } from './face.tsx';

interface SidebarParts {
  readonly place: string;
  readonly go: (place: string) => void;
  readonly setAgent: (name: string) => void;
}

/** Who is looking, her own page, and the channels with those who wait in them. */
export function Sidebar({ place, go, setAgent }: SidebarParts) {
  const { words, view, channels, me } = useDesk();
  const isHere = (id: string) => ({ 'aria-current': place === id ? ('page' as const) : undefined });
  return (
    <nav class="sidebar" aria-label={words.places}>
      <p class="team">{words.workspace}</p>
      <fieldset class="members">
        <legend>{words.youAre}</legend>
        {view.members.map(({ name, shown }) => (
          <button key={name} type="button" aria-pressed={name === me.name} onClick={() => setAgent(name)}>
            <Face name={shown} />
            {shown}
          </button>
        ))}
      </fieldset>
      <ul>
        <li>
          <button type="button" {...isHere(HOME)} onClick={() => go(HOME)}>
            <Icon name="home" />
            <span class="name">{words.home}</span>
          </button>
        </li>
      </ul>
      <p class="kind">{words.channels}</p>
      <ul>
        {channels.map((channel) => {
          const waiting = waitingIn([channel]).length;
          return (
            <li key={channel.id}>
              <button type="button" {...isHere(channel.id)} data-unread={waiting > 0} onClick={() => go(channel.id)}>
                <span aria-hidden="true">#</span> {channel.name}
                {waiting > 0 && (
                  <span class="unread">
                    {waiting}
                    <span class="hidden"> {words.waiting(waiting)}</span>
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
