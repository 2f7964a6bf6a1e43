/** What is known to be set at a point of the flow: paths such as `order` and `order.eta`, and `✓go` for a consent. */
export type Facts = ReadonlySet<string>;

/** The fact that the customer agreed to a confirm, and that nothing it binds has changed since. */
export const consent = (confirm: string): string => `✓${confirm}`;

/** What holds whichever of two ways the flow came. */
export function intersect(a: Facts, b: Facts): Set<string> {
  return new Set([...a].filter((fact) => b.has(fact)));
}

export function sameFacts(a: Facts | undefined, b: Facts | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.size === b.size && [...a].every((fact) => b.has(fact)));
}
