/** Remembers strings under names; `undefined` forgets. Never throws: a browser that refuses storage still gets to chat. */
export interface Memory {
  get(name: string): string | undefined;
  set(name: string, value: string | undefined): void;
}

/**
 * The browser's `localStorage` under a prefix, shared by all tabs of the site. Where it is blocked (private modes, sandboxed
 * frames) or full, values live as long as the page does.
 */
export function browserMemory(prefix: string, storage = (): Storage => localStorage): Memory {
  const here = new Map<string, string | undefined>();
  return {
    get: (name) => here.get(name) ?? allowed(() => storage().getItem(prefix + name)) ?? undefined,
    set(name, value) {
      here.set(name, value);
      allowed(() => {
        if (value === undefined) storage().removeItem(prefix + name);
        else storage().setItem(prefix + name, value);
        here.delete(name);
      });
    },
  };
}

/** `undefined` where the browser answers with a SecurityError or QuotaExceededError: blocked storage is a setting, not a fault. */
function allowed<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
