import { join } from 'node:path';
import { Actor } from '../actor.ts';
import type { Measure } from '../measures.ts';
import type { Row } from '../table.ts';
import type { DoorWishes } from './stage.ts';

/** Those whose platforms bring us words. What comes over our own doors is measured by `sockets`. */
const KINDS = ['sms', 'telegram', 'slack', 'teams', 'wechat', 'wecom'];

export const doors: Measure = {
  name: 'doors',
  tells:
    "CPU per channel: a call verified and parsed, beside the vendor's own; with its commit; forged; a message sent",
  async run({ quick }) {
    const rows: Row[] = [];
    for (const kind of KINDS) {
      const stage = new Actor<DoorWishes>(join(import.meta.dirname, 'stage.ts'));
      const costs = await stage.ask('measure', { kind, rounds: quick ? 400 : 4_000 });
      await stage.end();
      const { read, vendor, vendorName, door, forged, send, post } = costs;
      rows.push(
        {
          what: `${kind}: verify, parse`,
          value: micros(read),
          beside: `${vendorName} ${micros(vendor)}`,
          ratio: read / vendor,
        },
        {
          what: `${kind}: verify, parse, commit`,
          value: micros(door),
          beside: `${vendorName} ${micros(vendor)}`,
          ratio: door / vendor,
        },
        { what: `${kind}: a forged call`, value: micros(forged), goal: '≤ 1 ms', met: forged <= 1_000 },
        { what: `${kind}: plan, send`, value: micros(send), beside: `bare undici ${micros(post)}`, ratio: send / post },
      );
    }
    return rows;
  },
};

const micros = (value: number) => `${value.toFixed(1)} µs`;
