import type { Json } from '../type.ts';
import type { SlotSpec } from './program.ts';
import type { Run } from './run.ts';

/** A slot's value, wherever its scope keeps it; `null` when unset. */
export function read(run: Run, slot: SlotSpec): Json {
  if (slot.scope === 'flow') return run.slots[slot.name] ?? null;
  return (slot.scope === 'conversation' ? run.shared : run.customer)[slot.name] ?? null;
}

export function store(run: Run, slot: SlotSpec, value: Json): void {
  if (slot.scope !== 'flow') run.remember(slot.scope, slot.name, value);
  else if (value === null) delete run.slots[slot.name];
  else run.slots[slot.name] = value;
}
