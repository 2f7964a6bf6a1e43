import type { Node } from './chart.ts';
import { widthOf, wrap } from './words.ts';

export const LINE = 17;
const WIDEST = 230;
const MOST_LINES = 4;

/** What is written in a node: its name, and what it says in a few lines. */
export function linesOf(node: Node): { readonly name: string; readonly lines: readonly string[] } {
  const nameless =
    node.kind === 'say' || node.kind === 'if' || node.kind === 'switch' || node.kind === 'set' || node.kind === 'try';
  return { name: nameless ? '' : node.name, lines: wrap(node.text, WIDEST, MOST_LINES) };
}

/** How much room a node needs, in pixels. */
export function sizeOf(node: Node): { width: number; height: number } {
  const { name, lines } = linesOf(node);
  const text = Math.max(widthOf(name) * 1.08, ...lines.map(widthOf), 16);
  const rows = lines.length + (name === '' ? 0 : 1);
  const { x, y } = PADDING[node.kind] ?? { x: 16, y: 10 };
  return { width: Math.ceil(text + 2 * x), height: Math.ceil(rows * LINE + 2 * y) };
}

/** Shapes with slanted sides need more room around their text. */
const PADDING: Readonly<Record<string, { x: number; y: number }>> = {
  if: { x: 34, y: 12 },
  switch: { x: 34, y: 12 },
  experiment: { x: 34, y: 12 },
  confirm: { x: 30, y: 12 },
  collect: { x: 26, y: 10 },
  action: { x: 24, y: 10 },
  call: { x: 24, y: 10 },
  end: { x: 20, y: 8 },
  return: { x: 20, y: 8 },
  link: { x: 22, y: 8 },
  start: { x: 20, y: 8 },
  wait: { x: 28, y: 10 },
  try: { x: 12, y: 10 },
};

/**
 * The outline of a kind of step, as the children of an SVG group around its centre. Where flowcharts have a usual shape it is used:
 * diamond-ended for a decision, slanted for an answer, doubly barred for a call.
 */
export function outlineOf(kind: string, width: number, height: number): string {
  const [w, h] = [width / 2, height / 2];
  const polygon = (...points: readonly (readonly [number, number])[]) =>
    `<path d="M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z"/>`;
  const box = (radius: number) =>
    `<rect x="${round(-w)}" y="${round(-h)}" width="${round(width)}" height="${round(height)}" rx="${round(radius)}"/>`;
  const bars = `<path class="bar" d="M${round(-w + 9)} ${round(-h)}v${round(height)}M${round(w - 9)} ${round(-h)}v${round(height)}"/>`;
  const point = Math.min(h, 24);
  switch (kind) {
    case 'if':
    case 'switch':
    case 'experiment':
    case 'confirm':
      return polygon([-w, 0], [-w + point, -h], [w - point, -h], [w, 0], [w - point, h], [-w + point, h]);
    case 'collect':
      return polygon([-w + 12, -h], [w, -h], [w - 12, h], [-w, h]);
    case 'action':
    case 'call':
      return box(3) + bars;
    case 'say':
      // A speech bubble: its tail points to the speaker.
      return `<path d="M${round(-w + 9)} ${round(-h)}H${round(w - 9)}q9 0 9 9V${round(h - 9)}q0 9 -9 9H${round(-w + 22)}l-10 7v-7h-3q-9 0 -9 -9V${round(-h + 9)}q0 -9 9 -9Z"/>`;
    case 'wait':
      // An hourglass laid on its side.
      return polygon([-w, -h], [w, -h], [w - 12, 0], [w, h], [-w, h], [-w + 12, 0]);
    case 'link':
      return polygon([-w, -h], [w - 14, -h], [w, 0], [w - 14, h], [-w, h]);
    case 'start':
    case 'end':
    case 'return':
      return box(h);
    case 'try':
      return `<circle r="${round(Math.max(w, h))}"/>`;
    default:
      return box(6);
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
