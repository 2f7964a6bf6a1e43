import type { Json } from '../../../type.ts';
import { plain } from './plain.ts';

/** A name and its value, whatever that is. */
export function Fact({ name, value }: { name: string; value: Json }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <div>
      <dt>{plain(name).replaceAll('_', ' ')}</dt>
      <dd dir="auto">{plain(text)}</dd>
    </div>
  );
}
