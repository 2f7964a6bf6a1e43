import { useEffect, useRef } from 'preact/hooks';
import type { SurfaceView } from '../../protocol.ts';
import { Blocks } from './blocks.tsx';
import { useDesk } from './desk-view.ts';
import { filledIn } from './field.tsx';

/** What the app asks or shows, before all else in the window. */
export function Modal({ view }: { view: SurfaceView }) {
  const desk = useDesk();
  const { words, me } = desk;
  const box = useRef<HTMLDivElement>(null);
  const close = () => desk.do({ do: 'dismiss' });
  const first = view.blocks[0]?.block_id;
  // The form comes empty first and is filled then: what there is to fill in gets the keyboard.
  useEffect(() => {
    const field = box.current?.querySelector<HTMLElement>('select, textarea, .input input');
    (field ?? box.current)?.focus();
  }, [view.id, first]);
  return (
    <div class="veil">
      <div
        ref={box}
        class="modal"
        role="dialog"
        aria-modal="true"
        aria-labelledby="modal-title"
        tabIndex={-1}
        onKeyDown={({ key }) => key === 'Escape' && close()}
      >
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            desk.do({ do: 'submit', filled: filledIn(new FormData(event.currentTarget)) });
          }}
        >
          <header>
            <h3 id="modal-title">{view.title}</h3>
            <button type="button" aria-label={words.close} title={words.close} onClick={close}>
              ×
            </button>
          </header>
          <div class="modal-body">
            <Blocks
              blocks={view.blocks}
              mistakes={me.mistakes}
              touch={(block, action, value) => desk.do({ do: 'touch_own', on: 'modal', block, action, value })}
            />
          </div>
          {view.submit !== '' && (
            <footer>
              <button type="button" class="act" onClick={close}>
                {words.cancel}
              </button>
              <button type="submit" class="act" data-style="primary">
                {view.submit}
              </button>
            </footer>
          )}
        </form>
      </div>
    </div>
  );
}
