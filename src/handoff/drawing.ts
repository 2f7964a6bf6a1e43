import type { Stand } from './control.ts';
import { type Row, TABLE } from './table.ts';

/** The states and steps of control for docs/desk.md: a Mermaid drawing, and every rule in a table below it. */
export function drawing(): string {
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> bot', ...arrows(), '```', '', ...rules()].join('\n');
}

/** One arrow for all that leads from one stand to another; what changes no stand is only in the table. */
function arrows(): string[] {
  const labels = new Map<string, Set<string>>();
  for (const row of TABLE)
    for (const from of row.from) {
      const to = row.to === 'same' ? from : row.to;
      if (from === to) continue;
      const arrow = `${from} --> ${to}`;
      labels.set(arrow, (labels.get(arrow) ?? new Set()).add(row.on));
    }
  return [...labels].map(([arrow, events]) => `  ${arrow} : ${[...events].join(', ')}`);
}

function rules(): string[] {
  return [
    '| What happens | From | To | Rule |',
    '|---|---|---|---|',
    ...TABLE.map((row) => `| \`${row.on}\` | ${fromOf(row)} | ${targetOf(row)} | ${ruleOf(row)} |`),
  ];
}

function code(stand: Stand): string {
  return `\`${stand}\``;
}

/** All nine are not worth a line each. */
function fromOf({ from }: Row): string {
  return from.length === STANDS ? 'any' : from.map(code).join(', ');
}

const STANDS = 9;

function targetOf({ to }: Row): string {
  return to === 'same' ? 'stays' : code(to);
}

const WHO: Readonly<Partial<Record<NonNullable<Row['when']>, string>>> = {
  holder: 'whose it is',
  'may be undone': 'whose it is, where there is an undo window',
  'holder or house': 'whose it is, or the house',
  consulted: 'who was asked',
};

function ruleOf({ when, rule }: Row): string {
  const who = when === undefined ? undefined : WHO[when];
  return who === undefined ? rule : `${rule} (${who})`;
}
