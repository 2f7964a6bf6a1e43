import { show, type Type } from '../../type.ts';

/** The type in words for a complaint. A text that is written out is known as the enumeration of itself. */
export function describe(type: Type): string {
  return type.kind === 'enum' && type.values.length === 1 ? `the text "${type.values[0]}"` : show(type);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
