/** Waits for what happens over sockets. Bounded, and no time is asserted. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: () => string,
  limit = 10_000,
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Did not come: ${what()}`);
    await new Promise((next) => setTimeout(next, 10));
  }
}
