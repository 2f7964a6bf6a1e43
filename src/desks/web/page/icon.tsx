const PATHS = {
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5',
  send: 'M12 19V5m0 0-6 6m6-6 6 6',
  clip: 'm20 11-8.500 8.500a5 5 0 0 1-7-7L13 4a3.300 3.300 0 0 1 4.700 4.700L9.400 17a1.700 1.700 0 0 1-2.400-2.400l7.500-7.500',
  note: 'M5 4h14v11l-5 5H5V4Zm9 16v-5h5',
  reply: 'M9 7 4 12l5 5m-5-5h9c4 0 7 2 7 6',
  hand: 'M4 12h13m0 0-5-5m5 5-5 5M20 5v14',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6 9c.5-3.500 2.900-6 6-6s5.500 2.500 6 6m1-9.500a3 3 0 1 0-1-5.800M17 14c2.300.5 3.700 2.800 4 6',
  pause: 'M8 5v14M16 5v14',
  play: 'M8 5v14l11-7-11-7Z',
  bot: 'M12 8V4M6 8h12a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Zm3 5v1m6-1v1',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'm14 6-6 6 6 6',
  file: 'M7 3h7l4 4v14H7V3Zm7 0v4h4',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.500 2',
  shield: 'M12 3 5 6v5c0 5 3 8.500 7 10 4-1.500 7-5 7-10V6l-7-3Zm-3 9 2.200 2.200L15.500 10',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12Zm9.500 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  undo: 'M8 8H4V4m.500 4A8.500 8.500 0 1 1 4 14',
  keys: 'M3 7h18v10H3V7Zm4 7h10M7 10.500h.1m3.300 0h.1m3.300 0h.1m3 0h.1',
  out: 'M14 4h5v16h-5M4 12h10m0 0-4-4m4 4-4 4',
  bolt: 'M13 3 5 14h6l-1 7 8-11h-6l1-7Z',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5m0-8.500v.1',
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
