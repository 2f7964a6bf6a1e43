import { createHash } from 'node:crypto';

/** The arm of a unit (a customer), by weight: the same one at every call, on every machine. */
export function pickArm(experiment: string, unit: string, arms: Readonly<Record<string, number>>): string {
  const names = Object.keys(arms);
  const total = names.reduce((sum, name) => sum + (arms[name] ?? 0), 0);
  const hash = createHash('sha256').update(`${experiment}\0${unit}`).digest();
  let point = (hash.readUInt32BE(0) / 2 ** 32) * total;
  for (const name of names) {
    point -= arms[name] ?? 0;
    if (point < 0) return name;
  }
  return names.at(-1) ?? '';
}
