import type { Picture, Placed, Point, Way } from './layout.ts';
import { LINE, linesOf, outlineOf } from './shape.ts';

/**
 * A picture as SVG text that stands alone: no script, no font and no address to fetch; dark where the reader's screen is. Every step
 * has a `<title>`, and the whole a description, for those who listen to it.
 */
export function draw(picture: Picture): string {
  const [width, height] = [Math.ceil(picture.width), Math.ceil(picture.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${quoted(picture.title)}">`,
    `<title>${quoted(picture.title)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0.5L8 4L0 7.5Z"/></marker></defs>',
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...picture.ways.map(drawWay),
    ...picture.nodes.map(drawNode),
    ...picture.ways.filter(({ label }) => label !== '').map(drawLabel),
    '</svg>',
    '',
  ].join('\n');
}

function drawNode(node: Placed): string {
  const { name, lines } = linesOf(node);
  const rows = [...(name === '' ? [] : [{ text: name, bold: true }]), ...lines.map((text) => ({ text, bold: false }))];
  const top = -((rows.length - 1) * LINE) / 2;
  const texts = rows.map(
    ({ text, bold }, index) =>
      `<text${bold ? ' class="name"' : ''} y="${round(top + index * LINE)}">${quoted(text)}</text>`,
  );
  const title = [node.kind, node.name === node.kind ? '' : node.name, node.text]
    .filter((part) => part !== '')
    .join(': ');
  return `<g class="${node.kind}" transform="translate(${round(node.x)} ${round(node.y)})"><title>${quoted(title)}</title>${outlineOf(node.kind, node.width, node.height)}${texts.join('')}</g>`;
}

function drawWay({ points, jump }: Way): string {
  return `<path class="${jump ? 'way jump' : 'way'}" marker-end="url(#tip)" d="${curve(points)}"/>`;
}

/** Goes near the points it is led by, with rounded corners. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${at(first)}`];
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1];
    parts.push(next === undefined ? `L${at(point)}` : `Q${at(point)} ${at(between(point, next))}`);
  }
  return parts.join('');
}

function between(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function drawLabel({ label, at: { x, y } }: Way): string {
  return `<text class="label" x="${round(x)}" y="${round(y)}">${quoted(label)}</text>`;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function quoted(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** One colour a kind: what the bot says, asks, decides and does; where people and outside systems come in. */
const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2933;--line:#7b8794;--soft:#52606d}
.paper{fill:var(--paper)}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink);text-anchor:middle;dominant-baseline:central}
.name{font-weight:600}
g>rect,g>path,g>circle{fill:var(--fill,#f5f7fa);stroke:var(--edge,#9aa5b1);stroke-width:1.3}
g>.bar{fill:none}
.way{fill:none;stroke:var(--line);stroke-width:1.4}
.jump{stroke-dasharray:5 4}
#tip path{fill:var(--line)}
.label{font-size:11.5px;fill:var(--soft);paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.start{--fill:#1f2933;--edge:#1f2933}.start text{fill:#fff}
.say{--fill:#e6f2ff;--edge:#5aa2e8}
.collect,.survey{--fill:#e3f9ee;--edge:#3fb27f}
.confirm{--fill:#d2f5e4;--edge:#1f9d6b}
.if,.switch,.experiment,.try{--fill:#fff6dd;--edge:#d9a321}
.action{--fill:#efe9ff;--edge:#8b6fd6}
.call,.link{--fill:#e8ecf1;--edge:#7b8794}
.handoff{--fill:#ffe9e0;--edge:#e07b4f}
.wait{--fill:#f1f1f1;--edge:#9a9a9a}
.answer,.llm{--fill:#fdeaf6;--edge:#cf6bab}
.end,.return{--fill:#f5f7fa;--edge:#52606d}
@media (prefers-color-scheme:dark){
:root{--paper:#12181f;--ink:#e4e9ee;--line:#7f8c99;--soft:#aab4bf}
g>rect,g>path,g>circle{fill:var(--fill,#222b35);stroke:var(--edge,#5d6b79)}
.start{--fill:#e4e9ee;--edge:#e4e9ee}.start text{fill:#12181f}
.say{--fill:#15324f}.collect,.survey{--fill:#113a2a}.confirm{--fill:#0d4630}
.if,.switch,.experiment,.try{--fill:#463711}.action{--fill:#2e2550}.call,.link{--fill:#2a343f}
.handoff{--fill:#4d2818}.wait{--fill:#2b2b2b}.answer,.llm{--fill:#4a1c3a}.end,.return{--fill:#222b35}
}`;
