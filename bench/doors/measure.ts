import { join } from 'node:path';
import { Actor } from '../actor.ts';
import type { Measure } from '../measures.ts';
import type { Row } from '../table.ts';
import type { OwnDoorWishes } from './own-stage.ts';
import type { DoorWishes } from './stage.ts';

/** Those whose platforms bring us words. */
const KINDS = ['sms', 'telegram', 'slack', 'teams', 'wechat', 'wecom'];
/** Those by which customers come themselves. What their open sockets cost is measured by `sockets`. */
const OWN = ['web', 'directline'] as const;

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
        refused(kind, forged),
        { what: `${kind}: plan, send`, value: micros(send), beside: `bare undici ${micros(post)}`, ratio: send / post },
      );
    }
    for (const kind of OWN) {
      const stage = new Actor<OwnDoorWishes>(join(import.meta.dirname, 'own-stage.ts'));
      const { door, forged, told, bare } = await stage.ask('measure', { kind, rounds: quick ? 400 : 4_000 });
      await stage.end();
      const beside = `a request for nobody ${micros(bare)}`;
      rows.push(
        { what: `${kind}: request, commit`, value: micros(door), beside, ratio: door / bare },
        refused(kind, forged),
        { what: `${kind}: a message fetched`, value: micros(told), beside, ratio: told / bare },
      );
    }
    return rows;
  },
};

function refused(kind: string, forged: number): Row {
  return { what: `${kind}: a forged call`, value: micros(forged), goal: '≤ 1 ms', met: forged <= 1_000 };
}

const micros = (value: number) => `${value.toFixed(1)} µs`;
