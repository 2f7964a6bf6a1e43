import type { Block } from './block.ts';

/**
 * What a tap means is told by ids alone: those of elements say how they answer, those of blocks that they wait for an answer, and of
 * whom.
 */

/** `action_id` of what answers a question. Links and ticked boxes tell us of taps too: nothing is made of those. */
export const ASK = { one: 'one', several: 'several', submit: 'submit', date: 'date', form: 'form' } as const;
/** Begins the `action_id` of a button that is a choice; its place follows. */
export const PICK = 'pick.';
/** Begins the `block_id` of blocks that go away once they are answered; whose they are may follow. */
export const OPEN = 'ask';

/** In a thread, what is offered is offered to one of its readers. */
export function ownedBy(block: Block, user: string): Block {
  return isOpen(block) ? { ...block, block_id: `${block.block_id}:${user}` } : block;
}

export function ownerOf(blockId: string): string | undefined {
  return /^ask[.\w]*:(\w+)$/.exec(blockId)?.[1];
}

/** Does it wait for an answer? */
export function isOpen({ block_id: id }: Block): boolean {
  return typeof id === 'string' && /^ask([.:]|$)/.test(id);
}
