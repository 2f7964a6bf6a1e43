import { useEffect } from 'preact/hooks';

export const SINGLE_KEYS = 'parley.desk.keys';

/**
 * One key each, as long as nobody is writing and no form is open. They press what stands on the page, so they can do nothing that a
 * click could not. They can be switched off (WCAG 2.1.4): who speaks to her computer would set them off by talking.
 */
export function useShortcuts(help: () => void): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const { target } = event;
      if (document.querySelector('dialog[open]') !== null) return;
      if (event.key === 'Escape' && target instanceof HTMLElement && isWriting(target)) return target.blur();
      if (target instanceof HTMLElement && isWriting(target)) return;
      if (event.key === '?') return done(event, help);
      if (localStorage.getItem(SINGLE_KEYS) === 'off') return;
      const key = event.key.toLowerCase();
      if (key === 'j' || key === 'k') return done(event, () => step(key === 'j' ? 1 : -1));
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        if (!(target instanceof HTMLElement) || target.closest('.queue') === null) return;
        return done(event, () => step(event.key === 'ArrowDown' ? 1 : -1));
      }
      const selector = FIELDS[key] ?? `[data-shortcut="${CSS.escape(key)}"]`;
      const found = document.querySelector<HTMLElement>(selector);
      if (found === null || /^[^a-z/]$|^..+$/.test(key)) return;
      done(event, () =>
        FIELDS[key] === undefined || found instanceof HTMLButtonElement ? found.click() : found.focus(),
      );
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [help]);
}

const FIELDS: Readonly<Record<string, string>> = { '/': '#search', u: '.held [data-undo]' };

function isWriting(element: HTMLElement): boolean {
  if (element instanceof HTMLInputElement) return !['radio', 'checkbox', 'button'].includes(element.type);
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}

/** To the next row of the list, and opens it. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLButtonElement>('.queue .row')];
  const current = rows.findIndex((row) => row === document.activeElement || row.ariaCurrent === 'true');
  const next = rows[current === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, current + by))];
  next?.focus();
  next?.click();
}

function done(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  act();
}
