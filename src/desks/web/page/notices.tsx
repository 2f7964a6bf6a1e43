import { Icon } from './icon.tsx';
import { agentCalled, useView } from './view.ts';

/** What became of what she wanted, for a while. */
export function Notices() {
  const { store, state, words } = useView();
  return (
    <div class="notices" role="status">
      {state.notices.map(({ id, code, holder }) => (
        <p key={id}>
          <span>{words.notices[code]?.(agentCalled(holder, state)) ?? (holder || words.failed)}</span>
          <button type="button" class="icon-button" aria-label={words.dismiss} onClick={() => store.dismiss(id)}>
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
