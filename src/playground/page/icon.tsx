const PATHS = {
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c.6-3.6 3.4-6 7-6s6.400 2.400 7 6',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.500 2',
  send: 'M12 19V5m0 0-6 6m6-6 6 6',
  plus: 'M12 5v14M5 12h14',
  bolt: 'M13 3 5 14h6l-1 7 8-11h-6l1-7Z',
  again: 'M4 12a8 8 0 1 1 2.500 5.800M4 19v-5h5',
  mail: 'M4 6h16v12H4V6Zm0 1 8 6 8-6',
  phone: 'M8 3h8v18H8V3Zm3 15h2',
  thread: 'M5 5h14v10H10l-5 4V5Z',
  eye: 'M2.500 12S6 6 12 6s9.500 6 9.500 6-3.500 6-9.500 6-9.500-6-9.500-6Zm9.500 2.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5',
  check: 'M5 13l4 4 10-10',
  done: 'M4 4h16v16H4V4Zm4 8.500 3 3 6-6.500',
  pencil: 'M5 19l1-4L16 5l3 3L9 18l-4 1Z',
  alert: 'M12 4 2.500 20h19L12 4Zm0 6v5m0 2.500v.1',
  lock: 'M6 11h12v9H6v-9Zm2.500 0V8a3.500 3.500 0 0 1 7 0v3',
  unknown: 'M9 9a3 3 0 1 1 4 3c-.8.4-1 1-1 2m0 3v.1',
  close: 'M6 6l12 12M18 6 6 18',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4v-9Z',
  file: 'M7 3h7l4 4v14H7V3Zm7 0v4h4',
} as const;

export type IconName = keyof typeof PATHS;

/** Beside words, or on a button with a label of its own. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
