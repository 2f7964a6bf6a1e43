import { useEffect, useRef, useState } from 'preact/hooks';
import { SINGLE_KEYS } from './shortcuts.ts';
import { useView } from './view.ts';

/** What the keys do. */
export function Help({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const { words } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOn, setOn] = useState(localStorage.getItem(SINGLE_KEYS) !== 'off');
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">{words.help}</h2>
      <dl>
        {words.keys.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            localStorage.setItem(SINGLE_KEYS, checked ? 'on' : 'off');
            setOn(checked);
          }}
        />
        {words.singleKeys}
      </label>
      <form method="dialog" class="buttons">
        <button type="submit" class="primary">
          OK
        </button>
      </form>
    </dialog>
  );
}
