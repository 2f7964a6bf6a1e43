import type { Measure } from '../measures.ts';
import type { Row } from '../table.ts';
import { type Mirrored, type Peak, peak, percentile } from './peak.ts';

/** How late agents read in Slack what customers write, at a peak. By a virtual clock: no figure of this machine. */
export const desk: Measure = {
  name: 'desk',
  tells: 'live chats in Slack at a peak: from what a customer writes to Slack showing it, by a virtual clock',
  async run({ quick }) {
    const minutes = 8;
    const rows: Row[] = [];
    for (const [chats, channels] of quick ? SIZES.slice(0, 2) : SIZES)
      rows.push(rowOf({ chats, channels, minutes }, await peak({ chats, channels, minutes })));
    return rows;
  },
};

const SIZES = [
  [20, 1],
  [40, 2],
  [40, 1],
  [60, 3],
] as const;

function rowOf({ chats, channels }: Peak, { lines, claims, missing, tooFast }: Mirrored): Row {
  const late = percentile(lines, 95);
  const isGoal = chats === 40 && channels === 2;
  return {
    what: `${chats} live chats, ${channels} ${channels === 1 ? 'channel' : 'channels'}: p50 / p95 of her words`,
    value: `${seconds(percentile(lines, 50))} / ${seconds(late)}, claims p95 ${seconds(percentile(claims, 95))}, ${missing} missing, ${tooFast} too fast`,
    ...(isGoal ? { goal: 'p95 ≤ 10 s, 0 missing, 0 too fast', met: late <= 10_000 && missing + tooFast === 0 } : {}),
  };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
