import type { Frame } from '../flow/frame.ts';
import type { SlotSpec } from '../flow/program.ts';
import { read } from '../flow/slot.ts';
import { required } from '../type.ts';
import type { ChoiceView, Context, SlotView } from '../understanding/understanding.ts';
import type { Stage } from './stage.ts';

/** What understanding may know: the open question, the answers that a correction could mean, and what will still be asked. */
export function contextOf(stage: Stage): Context {
  const frame = stage.top;
  const op = frame?.waiting ? stage.op(frame) : undefined;
  if (frame) stage.focus(frame);
  const question = op?.question?.(stage);
  return {
    locale: stage.state.locale,
    now: stage.now,
    timezone: stage.timezone,
    ...(stage.bot.currency !== undefined && { currency: stage.bot.currency }),
    busy: stage.state.frames.length > 0 || stage.state.parked !== undefined,
    known: knownSlots(stage, question?.name),
    ...(question && { question }),
    ...(stage.bot.understanding.second && { awaited: awaitedSlots(stage, question?.name) }),
  };
}

function knownSlots(stage: Stage, asked: string | undefined): SlotView[] {
  const views: SlotView[] = [];
  for (const frame of [...stage.state.frames, ...(stage.state.parked ?? []).flat()]) {
    if (frame.by === 'repair') continue;
    const program = stage.program(frame);
    stage.focus(frame);
    for (const name of program.asks.keys()) {
      const slot = program.slots[name];
      if (!slot || name === asked || slot.sensitive === 'secret' || read(stage, slot) === null) continue;
      const asking = program.ops[program.asks.get(name) ?? -1]?.question;
      views.push(viewOf(slot, asking?.(stage)?.choices));
    }
  }
  if (stage.top) stage.focus(stage.top);
  return views;
}

/** What is on offer for them is known when they are asked for: records, which can only be picked, wait until then. */
function awaitedSlots(stage: Stage, asked: string | undefined): SlotView[] {
  const views = stage.state.frames.flatMap((frame) => (frame.by === 'repair' ? [] : openSlotsOf(stage, frame, asked)));
  if (stage.top) stage.focus(stage.top);
  return views;
}

function openSlotsOf(stage: Stage, frame: Frame, asked: string | undefined): SlotView[] {
  const program = stage.program(frame);
  stage.focus(frame);
  return [...program.asks.keys()].flatMap((name) => {
    const slot = program.slots[name];
    const isOpen = slot?.prefill && name !== asked && !isHidden(slot) && isSayable(slot) && read(stage, slot) === null;
    return isOpen ? [viewOf(slot)] : [];
  });
}

/** What a customer keeps to herself, and what her bank does. */
export function isHidden({ sensitive }: SlotSpec): boolean {
  return sensitive === 'secret' || sensitive === 'payment';
}

function isSayable({ type }: SlotSpec): boolean {
  const own = required(type);
  const { kind } = own.kind === 'list' ? required(own.of) : own;
  return kind !== 'object' && kind !== 'file' && kind !== 'any';
}

function viewOf(slot: SlotSpec, choices?: readonly ChoiceView[]): SlotView {
  const { name, type, source, currency, description } = slot;
  return {
    name,
    type,
    ...(isHidden(slot) && { hidden: true }),
    ...(source !== undefined && { pattern: source }),
    ...(currency !== undefined && { currency }),
    ...(description !== undefined && { description }),
    ...(choices && { choices }),
  };
}
