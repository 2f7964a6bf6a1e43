import { useEffect, useRef, useState } from 'preact/hooks';
import { LANGUAGES, type Words } from '../words.ts';
import { Icon } from './icon.tsx';

interface MenuProps {
  readonly words: Words;
  readonly locale: string;
  speak(locale: string): void;
  saveTranscript(): void;
  restart(): void;
}

/** What is seldom needed: language, transcript, a fresh start. Closes on Escape, on a choice, and when the focus leaves. */
export function Menu({ words, locale, speak, saveTranscript, restart }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (open) box.current?.querySelector<HTMLElement>('.items button')?.focus();
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const item = (label: string, act: () => void, current?: boolean, lang?: string) => (
    <button
      type="button"
      lang={lang}
      aria-pressed={current}
      onClick={() => {
        act();
        close();
      }}
    >
      {label}
      {current && <Icon name="check" />}
    </button>
  );

  return (
    <div
      class="menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        close();
      }}
      onFocusOut={(event) => {
        if (!box.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        class="quiet"
        aria-label={words.more}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </button>
      {open && (
        <div class="items">
          <fieldset aria-label={words.language}>
            {LANGUAGES.map(([tag, name]) => item(name, () => speak(tag), locale.startsWith(tag), tag))}
          </fieldset>
          {item(words.transcript, saveTranscript)}
          {item(words.restart, restart)}
        </div>
      )}
    </div>
  );
}
