import { z } from 'zod';
import { ParleyError } from '../errors.ts';
import type { Act, Deed } from './protocol.ts';

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

const text = z.string().max(8_000);
const filling = z.union([z.string().max(3_000), z.array(z.string().max(200)).max(100)]);
const data = z.base64().max(Math.ceil((PICTURE * 4) / 3) + 4);
const type = z.string().regex(/^[\w.+-]+\/[\w.+-]+$/);
const message = { channel: id, ts: id };
const element = { block: id, action: id, value: filling.optional() };

const DeedSchema: z.ZodType<Deed> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('home') }),
  z.strictObject({ do: z.literal('say'), channel: id, thread: id.optional(), text: text.min(1) }),
  z.strictObject({
    ...{ do: z.literal('share'), channel: id, thread: id, text },
    ...{ name: z.string().min(1).max(120), type, data },
  }),
  z.strictObject({ do: z.literal('edit'), ...message, text: text.min(1) }),
  z.strictObject({ do: z.literal('remove'), ...message }),
  z.strictObject({ do: z.literal('touch'), ...message, ...element }),
  z.strictObject({ do: z.literal('touch_own'), on: z.enum(['home', 'modal']), ...element }),
  z.strictObject({ do: z.literal('shortcut'), ...message, shortcut: id }),
  z.strictObject({ do: z.literal('command'), channel: id, text: text.min(1) }),
  z.strictObject({ do: z.literal('submit'), filled: z.record(id, filling) }),
  z.strictObject({ do: z.literal('dismiss') }),
  z.strictObject({ do: z.literal('overlook'), ...message }),
  z.strictObject({ do: z.literal('break'), fault: id }),
]);

const Schema: z.ZodType<Act> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('desk'), agent: id, deed: DeedSchema }),
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
    type,
    data,
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
