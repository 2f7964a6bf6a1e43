import type { Json, JsonObject } from '../type.ts';

/** What is known of who she is, and need not leave the house with her words: her names and addresses. */
export function nameable(customer: JsonObject): readonly string[] {
  return Object.entries(customer).flatMap(([name, value]) => (PERSONAL.test(name) && isShort(value) ? [value] : []));
}

/** More is no name and no address. */
export function isShort(value: Json): value is string {
  return typeof value === 'string' && value.length <= SHORT;
}

const PERSONAL = /name|address|street|birth|mail|phone/i;
/** UTF-16 units. */
const SHORT = 200;
