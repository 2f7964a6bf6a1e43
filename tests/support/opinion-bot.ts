import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/type.ts';
import type { Asked } from './model-server.ts';

/** A flow with a write that asks first, one that gives its answer at once, and one that changes something unasked. */
const FLOWS = {
  repair_visit: `flow: repair_visit
description: Books somebody to come and mend a machine
triggers: {examples: {en: [book a repair visit, I need a repair visit]}}
slots:
  machine: "enum(washer,dryer,oven)"
  day: {type: date, description: the day of the visit}
  floor: {type: integer, description: the floor she lives on}
  fault: {type: "enum(leak,noise,dead)"}
steps:
  - {collect: machine, ask: Which machine?}
  - {collect: fault, ask: What is wrong with it?}
  - {collect: day, ask: Which day?}
  - {collect: floor, ask: Which floor?}
  - confirm: go
    ask: "A visit for the {machine} on {day}?"
    binds: [machine, day]
    no: [end: declined]
  - action: refunds.create
    with: {note: =machine}
    confirmed_by: go
  - say: It is booked.
  - end: resolved
`,
  opening_hours: `flow: opening_hours
description: Tells when the shop is open
title: {en: Opening hours}
triggers: {examples: {en: [opening hours, when are you open]}}
steps:
  - say: We are open from nine to five.
  - end: resolved
`,
  wipe: `flow: wipe
description: Forgets everything about the customer
title: {en: Forget me}
triggers: {examples: {en: [wipe my data]}}
steps:
  - action: refunds.create
    with: {note: wiped}
    consent: implied
  - say: All gone.
  - end: resolved
`,
};

/** A folder with such a bot, its model at `${MODEL_BASE}`. */
export function opinionBot({ timeout = '1500ms', models = '' } = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-opinion-'));
  mkdirSync(join(directory, 'flows'));
  for (const [name, text] of Object.entries(FLOWS)) writeFileSync(join(directory, 'flows', `${name}.yaml`), text);
  const own = `{base: "\${MODEL_BASE}", key: "\${MODEL_KEY}", model: m, try: 400ms, retries: 1, cache: 0, second_opinion: {timeout: ${timeout}} ${models}}`;
  writeFileSync(
    join(directory, 'parley.yaml'),
    `name: Shop\nlocales: [en]\nnotice: false\nchannels: {web: {kind: web}}\nmodels: ${own}\n`,
  );
  return directory;
}

/** A model's answer: these moves, every field of them there. */
export function proposing(...commands: readonly JsonObject[]): object {
  return { commands: commands.map((each) => ({ flow: null, slot: null, value: null, ...each })) };
}

/** What the customer wrote, as a model was told; `undefined`: it was asked something else. */
export function messageIn({ body }: Asked): string | undefined {
  const messages = (body.messages ?? []) as readonly { readonly role: string; readonly content: string }[];
  const told = messages.find(({ role }) => role === 'user')?.content ?? '';
  if (!told.startsWith('{')) return undefined;
  const { message } = JSON.parse(told) as { readonly message?: string };
  return message;
}
