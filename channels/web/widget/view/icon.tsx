const PATHS = {
  chat: 'M21 12a8 8 0 0 1-8 8H4l1.6-3.2A8 8 0 1 1 21 12Z',
  down: 'M6 9l6 6 6-6',
  cross: 'M6 6l12 12M18 6L6 18',
  more: 'M12 5v.01M12 12v.01M12 19v.01',
  send: 'M12 19V5M6 11l6-6 6 6',
  attach: 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3 3 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7',
  human: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM5 20a7 7 0 0 1 14 0',
  file: 'M14 3H6v18h12V7l-4-4v4h4',
} as const;

/** Decoration: the control that carries it has the name. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
