import { IconButton } from './button.tsx';
import { Composer } from './composer.tsx';
import { Face } from './face.tsx';
import { Log } from './log.tsx';
import { Menu } from './menu.tsx';
import type { View } from './view.ts';

/** The open chat: who one talks to, what was said, where to write. */
export function Panel({ view }: { view: View }) {
  const { chat, state, words, assistant, toggle } = view;
  const { connection } = state;
  const trouble = state.full
    ? words.full
    : connection === 'live' || connection === 'connecting'
      ? ''
      : words[connection];
  const drop = (event: DragEvent & { currentTarget: HTMLElement }, over: boolean) => {
    event.preventDefault();
    event.currentTarget.toggleAttribute('data-drop', over);
  };

  return (
    <div
      class="panel"
      role="dialog"
      aria-label={assistant}
      onKeyDown={(event) => event.key === 'Escape' && !event.isComposing && toggle(false)}
      onDragOver={(event) => drop(event, true)}
      onDragLeave={(event) => drop(event, false)}
      onDrop={(event) => {
        drop(event, false);
        chat.attach(event.dataTransfer?.files ?? []);
      }}
    >
      <div class="top">
        <Face name={assistant} />
        <div class="who">
          <b>{assistant}</b>
          <small class={connection}>{trouble ? '' : state.typing ? words.typing : words[connection]}</small>
        </div>
        <Menu view={view} />
        <IconButton icon="down" name={words.close} onClick={() => toggle(false)} />
      </div>
      <div class="trouble" role="status">
        {trouble}
        {connection === 'failed' && (
          <button type="button" onClick={() => chat.wake()}>
            {words.retry}
          </button>
        )}
      </div>
      <Log view={view} />
      <Composer view={view} />
    </div>
  );
}
