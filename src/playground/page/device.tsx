import { useEffect, useState } from 'preact/hooks';
import { Caption } from './caption.tsx';
import { Composer } from './composer.tsx';
import { Icon } from './icon.tsx';
import { lookOf } from './looks.ts';
import { Screen } from './screen.tsx';
import { useView } from './view.ts';

interface DeviceParts {
  readonly kind: string;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

/** One app in somebody's hand, or on her desk. */
export function Device({ kind, isChosen, choose }: DeviceParts) {
  const { state, act, words, language } = useView();
  const look = lookOf(kind);
  const phone = state.phones[kind];
  const platform = state.world?.platforms.find((each) => each.kind === kind);
  const [isOpened, setOpened] = useState(false);
  const isEmpty = (phone?.screen.length ?? 0) === 0;
  // Another phone, or another person: it is closed again.
  useEffect(() => setOpened(false), [phone?.address]);
  return (
    <section
      id={`device-${kind}`}
      class="device"
      data-look={kind}
      data-frame={look.frame}
      data-chosen={isChosen}
      aria-labelledby={`name-${kind}`}
      onFocusCapture={choose}
      onPointerDown={choose}
    >
      <Caption kind={kind} faults={platform?.faults ?? []} />
      <div class="frame">
        <TopBar kind={kind} />
        {phone !== undefined && <Screen phone={phone} name={look.name[language]} />}
        {isEmpty && !isOpened && platform?.can.open === true ? (
          <div class="composer">
            <button
              type="button"
              class="begin"
              onClick={() => {
                // Where the bot says nothing to that, there is the keyboard to go on with.
                setOpened(true);
                act({ do: 'open', kind });
              }}
            >
              {kind === 'telegram' ? words.start : words.begin}
            </button>
          </div>
        ) : (
          <Composer kind={kind} canAttach={platform?.can.attach === true} />
        )}
      </div>
    </section>
  );
}

function TopBar({ kind }: { kind: string }) {
  const { state, words, language } = useView();
  const look = lookOf(kind);
  const ahead = state.world?.ahead ?? 0;
  const time = new Date(Date.now() + ahead).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
  return (
    <div class="top">
      {look.frame === 'phone' && (
        <div class="status" aria-hidden="true">
          <span>{time}</span>
          <span class="notch" />
          <span class="battery" />
        </div>
      )}
      <div class="bar">
        <span class="avatar" aria-hidden="true">
          P
        </span>
        <p class="peer">
          <strong>{words.anon}</strong>
          <small>{look.line[language]}</small>
        </p>
        {look.frame === 'window' && <Icon name="person" />}
      </div>
    </div>
  );
}
