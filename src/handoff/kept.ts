import { keep } from './clocks.ts';
import type { Deed, Happening, Kept, Stretch } from './control.ts';
import type { Policy } from './policy.ts';

type Said = Extract<Happening, { on: 'said' }>;
type Changed = Extract<Happening, { on: 'edited' | 'deleted' }>;

/**
 * What an agent has written, and may still take back: it stands in the conversation's state, so it outlives a crash and goes out once.
 * It counts as a reply when it goes out: she has read nothing before.
 */
export function keepBack(stretch: Stretch, happening: Said, said: string, policy: Policy, now: number): Stretch {
  const before = stretch.kept ?? [];
  // Never before what she wrote earlier, though the window has become shorter meanwhile.
  const at = Math.max(now + (policy.undo ?? 0), before.at(-1)?.at ?? 0);
  return { ...stretch, kept: [...before, keptOf(happening, said, at)] };
}

export function keptOf({ agent, text, attachments }: Said, said: string, at: number): Kept {
  return { said, agent, text, at, ...(attachments === undefined ? {} : { attachments }) };
}

/** What was said under this command, as long as it has not gone out. */
export function keptAs(stretch: Stretch | undefined, said: string): Kept | undefined {
  return stretch?.kept?.find((one) => one.said === said);
}

/** She changes her mind in time: it goes out otherwise, or not at all. After that nothing changes here. */
export function amend(stretch: Stretch, happening: Changed): Stretch {
  const kept = (stretch.kept ?? []).flatMap((one) => {
    if (one.said !== happening.said) return [one];
    const text = happening.on === 'edited' ? happening.text : '';
    const isNothing = happening.on === 'deleted' || (text.trim() === '' && one.attachments === undefined);
    return isNothing ? [] : [{ ...one, text }];
  });
  return keeping(stretch, kept);
}

/** Whatever is due goes out, in its order. */
export function letOut(
  stretch: Stretch,
  now: number,
): { readonly stretch: Stretch; readonly out: readonly Kept[]; readonly deeds: readonly Deed[] } {
  const out = (stretch.kept ?? []).filter(({ at }) => at <= now);
  const rest = keeping(
    stretch,
    (stretch.kept ?? []).filter(({ at }) => at > now),
  );
  return { stretch: rest, out, deeds: out.map(sendOf) };
}

/** Before anybody else may speak: all of it is due. */
export function hurried(stretch: Stretch, now: number): Stretch {
  return keeping(
    stretch,
    (stretch.kept ?? []).map((one) => ({ ...one, at: Math.min(one.at, now) })),
  );
}

export function sendOf({ agent, text, attachments, said }: Kept): Deed {
  return { do: 'send', agent, text, said, ...(attachments === undefined ? {} : { attachments }) };
}

/** She has been answered: what was promised about that is kept. */
export function replied(before: Stretch, now: number) {
  const { clocks, verdicts } = keep(before.clocks, ['first_reply', 'next_reply'], now);
  const { hold: _, ...rest } = before;
  return { stretch: { ...rest, clocks, replied: true } satisfies Stretch, verdicts };
}

function keeping({ kept: _, ...rest }: Stretch, kept: readonly Kept[]): Stretch {
  return kept.length === 0 ? rest : { ...rest, kept };
}
