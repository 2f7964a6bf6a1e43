/** Changes the words of a reply: all of it, or every string inside where it is JSON, so that JSON it stays. */
export function overStrings(text: string, isJson: boolean, change: (text: string) => string): string {
  if (!isJson) return change(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Not what was asked for, as whoever asked will find; its words are changed all the same.
    return change(text);
  }
  return JSON.stringify(over(value, change));
}

function over(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => over(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, over(item, change)]));
}
