/** A part of something said. */
export interface Place {
  /** Public id. */
  readonly conversation: string;
  readonly seq: number;
  readonly part: number;
}

/** What a send's key says: `<conversation>.<seq>.<part>`. `undefined`: it is no key of ours. */
export function placeOf(key: string): Place | undefined {
  const [, conversation, seq, part] = /^([\w-]{1,64})\.(\d{1,9})\.(\d{1,4})$/.exec(key) ?? [];
  return conversation === undefined ? undefined : { conversation, seq: Number(seq), part: Number(part) };
}
