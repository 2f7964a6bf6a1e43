/** What a condition tells of the paths it looks at: sets of dotted paths known to be set. */

export const NOTHING: ReadonlySet<string> = new Set();

/** `order.eta` is set only where `order` is. */
export function prefixes(path: string): ReadonlySet<string> {
  const parts = path.split('.');
  return new Set(parts.map((_, index) => parts.slice(0, index + 1).join('.')));
}

/** Known where both conditions hold. */
export function both(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (a.size === 0) return b;
  return b.size === 0 ? a : new Set([...a, ...b]);
}

/** Known where either holds, no telling which. */
export function either(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return a.size === 0 || b.size === 0 ? NOTHING : new Set([...a].filter((path) => b.has(path)));
}
