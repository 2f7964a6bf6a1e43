import { z } from 'zod';
import { ParleyError } from '../errors.ts';
import type { Act } from './protocol.ts';

const kind = z.string().max(32);
const id = z.string().max(200);

/** Bytes of a picture. */
export const PICTURE = 2 * 1024 * 1024;
/** A month at a time is enough to see every window close. */
const HOURS = 24 * 31;

const Who = z.strictObject({
  name: z.string().min(1).max(80),
  email: z.string().max(200),
  locale: z.string().regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/),
});

const Schema: z.ZodType<Act> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('open'), kind }),
  z.strictObject({ do: z.literal('write'), kind, text: z.string().min(1).max(4_000) }),
  z.strictObject({
    do: z.literal('tap'),
    kind,
    bubble: id,
    button: id,
    chosen: z.record(id, z.string().max(2_000)).optional(),
  }),
  z.strictObject({
    do: z.literal('attach'),
    kind,
    name: z.string().min(1).max(120),
    type: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
    data: z.base64().max(Math.ceil((PICTURE * 4) / 3) + 4),
  }),
  z.strictObject({ do: z.literal('fail'), kind, fault: id }),
  z.strictObject({ do: z.literal('renew'), kind }),
  z.strictObject({ do: z.literal('pass'), hours: z.number().positive().max(HOURS) }),
  z.strictObject({ do: z.literal('be'), who: Who }),
]);

/** @throws `playground.unknown_act` */
export function readAct(text: string): Act {
  try {
    return Schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ParleyError('playground.unknown_act', 'The playground does not know this act.', {
      hint: 'Its acts are in src/playground/protocol.ts.',
      cause,
    });
  }
}
