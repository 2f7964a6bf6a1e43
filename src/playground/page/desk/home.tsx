import { Blocks } from './blocks.tsx';
import { useDesk } from './desk-view.ts';

/** The app's own page: an agent's personal desk. */
export function Home() {
  const desk = useDesk();
  const { words, me } = desk;
  return (
    <div class="talk">
      <header class="place-head">
        <h3>{words.home}</h3>
        <small>{words.homeLead}</small>
      </header>
      <div class="posts home">
        {me.home === undefined ? (
          <p class="soft">{words.opening}</p>
        ) : (
          <Blocks
            blocks={me.home.blocks}
            touch={(block, action, value) => desk.do({ do: 'touch_own', on: 'home', block, action, value })}
          />
        )}
      </div>
    </div>
  );
}
