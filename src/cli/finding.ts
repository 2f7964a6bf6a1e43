/** Something that was looked at, and what to do about it. A todo with `ok` is advice. */
export interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly todo?: string;
}
