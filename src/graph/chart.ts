import type { FlowSource } from '../flow/reading/schema.ts';

/** A flow as a drawing: what stands where is not decided yet. */
export interface Chart {
  readonly title: string;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

export interface Node {
  readonly id: string;
  /** The word of the step, `start` for an entrance, `try` for the count of a bounded jump. */
  readonly kind: string;
  /** What it is called, in bold. */
  readonly name: string;
  /** What it says or does. */
  readonly text: string;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** When this way is taken; empty where it is the only one. */
  readonly label: string;
  /** A jump back or across, that an author wrote as `next`. */
  readonly jump: boolean;
}

/** A way that leads out of a step and has no end yet. */
interface Exit {
  readonly from: string;
  readonly label: string;
}
type Exits = readonly Exit[];
type Source = Readonly<Record<string, unknown>>;

/** Draws the steps of a flow, and beside them the blocks under its `on:`. Texts are shown in `locale`. */
export function chartOf(flow: FlowSource, locale: string): Chart {
  const draft = new Draft(locale);
  const end = draft.block(flow.steps, draft.entrance('start', flow.flow));
  draft.close(end, 'end', 'resolved');
  for (const [pattern, block] of Object.entries(flow.on ?? {})) {
    const after = draft.block(block, draft.entrance('start', `on ${pattern}`));
    const outcome = ENDS[pattern];
    if (outcome === undefined) draft.close(after, 'return', 'back to the flow');
    else draft.close(after, 'end', outcome);
  }
  return { title: flow.description ?? flow.flow, nodes: draft.nodes, edges: draft.resolved() };
}

/** Blocks under `on:` after which the flow does not go on. */
const ENDS: Readonly<Record<string, string>> = { cancel: 'abandoned', error: 'escalated' };

/** Walks the steps in order, adding nodes, and edges from the ways that lead to them. */
class Draft {
  readonly nodes: Node[] = [];
  private readonly edges: Edge[] = [];
  /** Steps by their id: where `next` leads. */
  private readonly ids = new Map<string, string>();
  private readonly jumps: { readonly exit: Exit; readonly to: string }[] = [];
  private readonly locale: string;

  constructor(locale: string) {
    this.locale = locale;
  }

  entrance(kind: string, name: string): Exits {
    return this.add(kind, name, '', []);
  }

  /** The steps of a block, one after the other. Returns the ways out of it. */
  block(source: unknown, entries: Exits): Exits {
    const steps = Array.isArray(source) ? source : source === undefined ? [] : [source];
    return steps.filter(isSource).reduce<Exits>((exits, step) => this.step(step, exits), entries);
  }

  /** Steps beside the main line, after which the flow ends with `outcome`. Nothing where the author wrote none. */
  aside(source: unknown, entries: Exits, outcome: string): void {
    if (source !== undefined) this.close(this.block(source, entries), 'end', outcome);
  }

  /** Ways that run off the end of the flow. */
  close(exits: Exits, kind: string, name: string): void {
    if (exits.length > 0) this.add(kind, name, '', exits);
  }

  /** Edges, with jumps to steps that came later now known. */
  resolved(): Edge[] {
    const jumps = this.jumps.flatMap(({ exit, to }) => {
      const target = this.ids.get(to);
      return target === undefined ? [] : [{ from: exit.from, to: target, label: exit.label, jump: true }];
    });
    return [...this.edges, ...jumps];
  }

  private step(step: Source, entries: Exits): Exits {
    const word = Object.keys(step).find((key) => Object.hasOwn(DRAWN, key));
    const draw = word === undefined ? undefined : DRAWN[word];
    if (draw === undefined) return entries;
    const before = this.nodes.length;
    const exits = draw(this, step, entries);
    const first = this.nodes[before];
    const id = step.id ?? (word === 'collect' || word === 'confirm' ? step[word] : undefined);
    if (first !== undefined && typeof id === 'string' && !this.ids.has(id)) this.ids.set(id, first.id);
    return exits;
  }

  add(kind: string, name: string, text: string, entries: Exits): Exits {
    const id = String(this.nodes.length);
    this.nodes.push({ id, kind, name, text });
    for (const { from, label } of entries) this.edges.push({ from, to: id, label, jump: false });
    return [{ from: id, label: '' }];
  }

  jump(exits: Exits, to: string): void {
    this.jumps.push(...exits.map((exit) => ({ exit, to })));
  }

  /** A text as the customer reads it. */
  said(source: unknown): string {
    if (typeof source === 'string') return source;
    if (!isSource(source)) return '';
    const text = source[this.locale] ?? source.text ?? Object.values(source).find((value) => typeof value === 'string');
    return this.said(text);
  }
}

/** How each kind of step is drawn: its node, and the ways out of it. */
const DRAWN: Readonly<Record<string, (draft: Draft, step: Source, entries: Exits) => Exits>> = {
  say: (draft, step, entries) => draft.add('say', 'say', draft.said(step.say), entries),
  collect(draft, step, entries) {
    const here = draft.add('collect', String(step.collect), draft.said(step.ask), entries);
    draft.aside(step.on_fail, labelled(here, 'no valid answer'), 'escalated');
    return here;
  },
  confirm(draft, step, entries) {
    const here = draft.add('confirm', String(step.confirm), draft.said(step.ask), entries);
    const yes = draft.block(step.yes, labelled(here, 'yes'));
    const no = draft.block(step.no, labelled(here, 'no'));
    draft.aside(step.on_fail, labelled(here, 'no valid answer'), 'escalated');
    return [...yes, ...no];
  },
  action(draft, step, entries) {
    const here = draft.add('action', String(step.action), step.as === undefined ? '' : `→ ${String(step.as)}`, entries);
    drawTrouble(draft, step.on_error, here);
    return here;
  },
  set: (draft, step, entries) => draft.add('set', 'set', assignments(step.set), entries),
  if(draft, step, entries) {
    const here = draft.add('if', 'if', String(step.if), entries);
    return [...draft.block(step.then, labelled(here, 'yes')), ...draft.block(step.else, labelled(here, 'no'))];
  },
  switch(draft, step, entries) {
    const here = draft.add('switch', 'switch', String(step.switch), entries);
    const cases = isSource(step.cases) ? Object.entries(step.cases) : [];
    const exits = cases.flatMap(([value, block]) => draft.block(block, labelled(here, value.replaceAll(',', ', '))));
    return [...exits, ...(step.else === undefined ? [] : draft.block(step.else, labelled(here, 'else')))];
  },
  experiment(draft, step, entries) {
    const here = draft.add('experiment', String(step.experiment), '', entries);
    const arms = isSource(step.arms) ? Object.entries(step.arms) : [];
    return arms.flatMap(([arm, weight]) => draft.block(step[arm], labelled(here, `${arm} ${String(weight)}`)));
  },
  next(draft, step, entries) {
    if (step.max === undefined) {
      draft.jump(entries, String(step.next));
      return [];
    }
    const here = draft.add('try', '', `${String(step.max)}×`, entries);
    draft.jump(labelled(here, 'again'), String(step.next));
    draft.aside(step.on_fail, labelled(here, 'too often'), 'escalated');
    return [];
  },
  call: (draft, step, entries) =>
    draft.add('call', String(step.call), step.as === undefined ? '' : `→ ${String(step.as)}`, entries),
  return(draft, step, entries) {
    draft.add('return', 'return', isSource(step.return) ? Object.keys(step.return).join(', ') : '', entries);
    return [];
  },
  link(draft, step, entries) {
    draft.add('link', `go to ${String(step.link)}`, '', entries);
    return [];
  },
  answer(draft, step, entries) {
    const { query, on_none } = part(step.answer);
    const here = draft.add('answer', 'answer', String(query ?? '').replace(/^=/, ''), entries);
    const none = isBlock(on_none) ? draft.block(on_none, labelled(here, 'nothing found')) : [];
    return [...here, ...none];
  },
  llm(draft, step, entries) {
    const { task, on_fail } = part(step.llm);
    const here = draft.add('llm', String(task ?? 'llm'), step.as === undefined ? '' : `→ ${String(step.as)}`, entries);
    return [...here, ...(isBlock(on_fail) ? draft.block(on_fail, labelled(here, 'failed')) : [])];
  },
  handoff(draft, step, entries) {
    const { mode, queue, reason, declined, on_timeout } = part(step.handoff);
    const name = mode === 'approval' ? 'a human decides' : mode === 'background' ? 'a task for a human' : 'to a human';
    const here = draft.add('handoff', name, `${String(queue)}: ${String(reason).replaceAll('_', ' ')}`, entries);
    if (mode === 'approval') draft.aside(declined ?? [], labelled(here, 'declined'), 'refused');
    draft.aside(on_timeout, labelled(here, 'too late'), 'escalated');
    return mode === 'approval' ? labelled(here, 'approved') : here;
  },
  wait(draft, step, entries) {
    const { event, timeout } = part(step.wait);
    const here = draft.add('wait', `wait for ${String(event)}`, `at most ${String(timeout)}`, entries);
    return [...here, ...draft.block(step.on_timeout, labelled(here, 'too late'))];
  },
  survey: (draft, step, entries) => draft.add('survey', `survey ${String(step.survey)}`, draft.said(step.ask), entries),
  end(draft, step, entries) {
    draft.add('end', String(step.end), '', entries);
    return [];
  },
};

/** `on_error:` is a block, `continue`, or a map that says something, tries again and then runs a block. */
function drawTrouble(draft: Draft, source: unknown, here: Exits): void {
  if (!isBlock(source)) return;
  const trouble = part(source);
  const isMap = 'then' in trouble || 'retry' in trouble || 'cases' in trouble;
  if (!isMap) return draft.aside(source, labelled(here, 'error'), 'escalated');
  const { times } = part(trouble.retry);
  const error = labelled(here, times === undefined ? 'error' : `error, ${String(times)} tries more`);
  const told = trouble.say === undefined ? error : draft.add('say', 'say', draft.said(trouble.say), error);
  draft.aside(trouble.then ?? [], told, 'escalated');
  for (const [error, block] of Object.entries(part(trouble.cases))) {
    draft.aside(block, labelled(here, error.replaceAll('_', ' ')), 'escalated');
  }
}

function labelled(exits: Exits, label: string): Exits {
  return exits.map(({ from }) => ({ from, label }));
}

function assignments(source: unknown): string {
  if (!isSource(source)) return '';
  return Object.entries(source)
    .map(([name, value]) => `${name} = ${typeof value === 'string' ? value.replace(/^=/, '') : JSON.stringify(value)}`)
    .join(', ');
}

function part(source: unknown): Source {
  return isSource(source) ? source : {};
}

function isSource(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Steps, as opposed to a word such as `continue` or a map of values. */
function isBlock(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    (isSource(value) &&
      Object.keys(value).some((key) => Object.hasOwn(DRAWN, key) || key === 'then' || key === 'retry'))
  );
}
