/** µs of CPU that each takes: the best of some rounds, in turns. */
export async function best<Name extends string>(
  works: Readonly<Record<Name, () => unknown>>,
  rounds: number,
  atOnce = 1,
): Promise<Record<Name, number>> {
  const found = Object.fromEntries(Object.keys(works).map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let round = 0; round < 6; round += 1) {
    for (const [name, work] of Object.entries<() => unknown>(works)) {
      const before = process.cpuUsage();
      let left = rounds;
      const one = async () => {
        while (left-- > 0) await work();
      };
      await Promise.all(Array.from({ length: atOnce }, one));
      const { user, system } = process.cpuUsage(before);
      // The first one warms up.
      if (round > 0) found[name] = Math.min(found[name] ?? 0, (user + system) / rounds);
    }
  }
  return found as Record<Name, number>;
}
