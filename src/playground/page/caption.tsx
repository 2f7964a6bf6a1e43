import { useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { lookOf } from './looks.ts';
import { useView } from './view.ts';

/** Above a device: which app this is, what may go wrong in it, and a fresh start. */
export function Caption({ kind, faults }: { kind: string; faults: readonly string[] }) {
  const { state, act, words, language } = useView();
  const shown = state.phones[kind]?.screen.length ?? 0;
  const [arming, setArming] = useState<{ fault: string; shown: number }>();
  // It happens with the next thing that is said.
  const armed = arming?.shown === shown ? arming.fault : undefined;
  const nameOf = (fault: string) => words.faults[fault] ?? fault;
  return (
    <div class="caption">
      <h2 id={`name-${kind}`}>{lookOf(kind).name[language]}</h2>
      {faults.length > 0 && (
        <details class="menu">
          <summary>
            <Icon name="bolt" />
            {words.breakIt}
          </summary>
          <div class="sheet">
            <p>{words.breakLead}</p>
            {faults.map((fault) => (
              <button
                key={fault}
                type="button"
                onClick={(event) => {
                  act({ do: 'fail', kind, fault });
                  setArming({ fault, shown });
                  event.currentTarget.closest('details')?.removeAttribute('open');
                }}
              >
                {nameOf(fault)}
              </button>
            ))}
          </div>
        </details>
      )}
      {faults.length > 0 && (
        <button
          type="button"
          class="renew"
          title={words.renewLead}
          onClick={() => {
            act({ do: 'renew', kind });
            setArming(undefined);
          }}
        >
          <Icon name="again" />
          {words.renew}
        </button>
      )}
      {armed !== undefined && (
        <p class="armed" role="status">
          {words.armed(nameOf(armed))}
          <button type="button" aria-label={words.gotIt} onClick={() => setArming(undefined)}>
            ×
          </button>
        </p>
      )}
    </div>
  );
}
