import { createHash } from 'node:crypto';
import type { Type } from '../../type.ts';
import { type Library, repairName } from '../library.ts';
import { type Header, LEFT, type Op, RESUME, type SlotSpec, type StepInfo, WAIT } from '../program.ts';
import { nearest } from '../reading/did-you-mean.ts';
import type { FlowFile } from '../reading/flow-file.ts';
import type { Path } from '../reading/yaml.ts';
import type { StepKind } from '../step.ts';
import { type Facts, intersect } from './facts.ts';
import type { OpenForm } from './form.ts';
import { Knowledge, type Name } from './knowledge.ts';
import { checkLabel, compileLocalized, type Localized } from './localized.ts';
import { type Compiled, compileValue } from './values.ts';

/** A place in the program, known once the compiler gets there. */
export interface Label {
  pc: number;
}

/** What follows the last step of a block beside the main line: the flow ends, goes on, or waits again for what it was waiting for. */
export type Ends =
  | { readonly outcome: string }
  /** The flow ends as it was going to. */
  | { readonly ending: true }
  | { readonly after: Label }
  | { readonly resume: 'silently' | 'asking' };

/**
 * Walks a flow's steps once, in order, checking and emitting as it goes. It carries what is known to be set at each point, so that a
 * value that may be missing is an error where it is used. Jumps back make it walk again until what is known at their targets settles.
 */
export class Compiler extends Knowledge {
  readonly ops: Op[] = [];
  readonly steps: StepInfo[] = [];
  readonly slots: Record<string, SlotSpec> = {};
  readonly asks = new Map<string, number>();
  /** Forms, whether more questions of theirs follow or not. */
  readonly forms: OpenForm[] = [];
  readonly targets = new Map<string, { label: Label; pc: number }>();
  /** Does a message name a template? */
  templates = false;
  /** Index of the running step. */
  step = -1;
  /** What earlier walks learnt about the places that `next` jumps to. */
  readonly incoming: ReadonlyMap<string, Facts>;
  /** What this walk learns. */
  readonly outgoing = new Map<string, Set<string>>();
  readonly header: Header;
  /** Outcomes that `end` may name. */
  readonly outcomes: ReadonlySet<string>;
  private readonly handles: ReadonlySet<string>;
  private readonly kinds: ReadonlyMap<string, StepKind>;
  private readonly ids = new Map<string, number>();
  private readonly jumps: { id: string; label: Label; at: Path }[] = [];

  constructor(
    flow: Pick<FlowFile, 'yaml' | 'header' | 'outcomes' | 'handles'>,
    library: Library,
    kinds: ReadonlyMap<string, StepKind>,
    incoming: ReadonlyMap<string, Facts>,
  ) {
    super(flow.yaml, library);
    this.header = flow.header;
    this.outcomes = flow.outcomes;
    this.handles = flow.handles;
    this.kinds = kinds;
    this.incoming = incoming;
  }

  // — Steps ————————————————————————————————————————————————————————————————————————————————————————————————

  /** Compiles steps in place. */
  block(key: string | Path, source: unknown): void {
    const at = this.path(key);
    if (Array.isArray(source)) for (const [index, item] of source.entries()) this.compileStep(item, [...at, index]);
    else this.compileStep(source, at);
  }

  /**
   * Compiles steps that run only when something jumps there, after which the flow ends with `outcome`, or goes on at `after`.
   * Returns where they begin.
   */
  aside(key: string | Path, source: unknown, ends: Ends, facts?: Facts): Label {
    const start: Label = { pc: this.ops.length };
    const kept = this.facts;
    this.facts = new Set(facts ?? kept ?? []);
    this.block(key, source);
    const end = this.facts;
    if (end) {
      if ('outcome' in ends) this.finish(ends.outcome);
      else if ('ending' in ends) this.finish(undefined);
      else if ('after' in ends) this.jump(ends.after);
      else this.resume(ends.resume);
    }
    // Where the block goes on with the main line, what it may have changed is no longer known there.
    this.facts = kept && end && ('after' in ends || 'resume' in ends) ? intersect(kept, end) : kept;
    return start;
  }

  private compileStep(source: unknown, at: Path): void {
    const outer = { at: this.at, step: this.step };
    this.at = at;
    if (!this.facts) {
      this.warn(
        'flow.unreachable_step',
        'This step can never run: the steps before it always end or jump.',
        [],
        'Remove it, or move it before them.',
      );
      this.facts = new Set(this.names.keys());
    }
    const kind = this.kindOf(source);
    const parsed = kind && (this.parse(kind.schema, source, at) as { id?: string; was?: string } | undefined);
    if (kind && parsed) {
      this.step = this.openStep(kind.word, kind.idOf(parsed as never), parsed, source);
      kind.compile(parsed as never, this);
    } else this.poison(source);
    this.at = outer.at;
    this.step = outer.step;
  }

  /** What a step that cannot be read would have named (a result, a step to jump to) is taken for named. */
  private poison(source: unknown): void {
    this.poisoned = true;
    if (typeof source === 'string') {
      if (!NAME.test(source)) return;
      const pc = this.ops.length;
      if (!this.targets.has(source)) this.targets.set(source, { label: { pc }, pc });
      if (!this.names.has(source))
        this.names.set(source, { type: { kind: 'any' }, origin: 'result', read: (run) => run.slots[source] ?? null });
    } else if (typeof source === 'object' && source !== null)
      for (const part of Object.values(source)) this.poison(part);
  }

  private kindOf(source: unknown) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) {
      const written = typeof source === 'string' ? `\`${source}\`` : 'this';
      this.error('flow.not_a_step', `${written} is not a step.`, [], 'A step is a map such as `say: Hello`.');
      return undefined;
    }
    const keys = Object.keys(source);
    const words = keys.filter((key) => this.kinds.has(key));
    if (words.length === 0) {
      const own = keys.filter((key) => key !== 'id' && key !== 'was');
      const guesses = own.map((key) => nearest(key, this.kinds.keys()));
      const at = Math.max(
        0,
        guesses.findIndex((word) => word !== undefined),
      );
      const known = [...this.kinds.keys()].join(' ');
      this.errorAtKey(
        'flow.unknown_step',
        `No step is called \`${own[at] ?? ''}\`.`,
        own[at] ?? '',
        guesses[at] ? `Did you mean \`${guesses[at]}\`?` : `The steps are: ${known}.`,
      );
      return undefined;
    }
    const first = words[0];
    const others = words.slice(1);
    const kind = first === undefined ? undefined : this.kinds.get(first);
    const stranger = others.find((word) => kind && !kind.keys.has(word));
    if (stranger !== undefined) {
      this.errorAtKey(
        'flow.two_steps',
        `\`${first}\` and \`${stranger}\` are two steps in one.`,
        stranger,
        `Begin \`${stranger}\` with a dash of its own.`,
      );
      return undefined;
    }
    return kind;
  }

  private openStep(
    kind: string,
    natural: string | undefined,
    parsed: { id?: string; was?: string },
    source: unknown,
  ): number {
    const base = parsed.id ?? natural ?? kind;
    const count = (this.ids.get(base) ?? 0) + 1;
    this.ids.set(base, count);
    const id = count === 1 ? base : `${base}#${count}`;
    if (parsed.id !== undefined && count > 1) {
      this.errorAtKey(
        'flow.duplicate_id',
        `Another step is already called \`${id.split('#')[0]}\`.`,
        'id',
        'Give each step an id of its own.',
      );
    }
    const index = this.steps.length;
    const pc = this.ops.length;
    let hash: string | undefined;
    this.steps.push({
      id,
      was: parsed.was,
      kind,
      pc,
      line: this.yaml.locate(this.at).line,
      get hash() {
        hash ??= createHash('sha256')
          .update(JSON.stringify(unnamed(source)))
          .digest('base64url')
          .slice(0, 8);
        return hash;
      },
    });
    this.targets.set(id, { label: { pc }, pc });
    const incoming = this.incoming.get(id);
    if (incoming && this.facts) this.facts = intersect(this.facts, incoming);
    return index;
  }

  // — Operations ———————————————————————————————————————————————————————————————————————————————————————————

  emit(op: Omit<Op, 'step' | 'reads' | 'writes'> & Partial<Pick<Op, 'reads' | 'writes'>>): number {
    this.ops.push({ reads: [], writes: [], ...op, step: this.step });
    return this.ops.length - 1;
  }

  /** An operation that goes to a label. */
  jump(to: Label): void {
    this.emit({ enter: () => to.pc });
  }

  /** An operation that ends the flow; without an outcome, as the one it is ending with already. */
  finish(outcome: string | undefined): void {
    this.emit({
      enter: (run) => {
        run.finish(outcome ?? run.frame.outcome ?? 'resolved');
        return LEFT;
      },
    });
    this.facts = undefined;
  }

  /** An operation that goes back to what was waiting when a block beside the main line ran. */
  private resume(how: 'silently' | 'asking'): void {
    this.emit({
      enter: (run) => {
        const pc = run.frame.back?.pop();
        if (pc === undefined) throw new Error('A block beside the main line ended, but nothing was waiting.');
        if (run.frame.back?.length === 0) delete run.frame.back;
        if (pc < 0) return -1 - pc;
        run.frame.pc = pc;
        return how === 'asking' ? RESUME : WAIT;
      },
    });
    this.facts = undefined;
  }

  /** Sets the label to here. */
  place(label: Label): void {
    label.pc = this.ops.length;
  }

  /** A label for a step that `next` names; it is found when the whole flow is read. */
  target(id: string, key: string): Label {
    const label: Label = { pc: -1 };
    this.jumps.push({ id, label, at: [...this.at, key] });
    if (this.facts) {
      const known = this.outgoing.get(id);
      this.outgoing.set(id, known ? intersect(known, this.facts) : new Set(this.facts));
    }
    return label;
  }

  /** After the last step: every `next` finds its target, or is told that there is none. */
  resolveJumps(): void {
    for (const { id, label, at } of this.jumps) {
      const target = this.targets.get(id);
      if (target) label.pc = target.pc;
      else {
        const guess = nearest(id, this.targets.keys());
        this.report(
          'error',
          'flow.unknown_target',
          `No step is called \`${id}\`.`,
          at,
          0,
          guess ? `Did you mean \`${guess}\`?` : 'Give the step an `id`.',
        );
      }
    }
  }

  /** When the tries of a question run out, the flow must know what to do. */
  needsWayOut(onFail: unknown): void {
    if (onFail !== undefined || this.handles.has('cannot_handle')) return;
    if (this.library.flows.has(repairName('cannot_handle'))) return;
    this.error(
      'flow.no_way_out',
      'When the tries of this question run out, nothing says what then.',
      [],
      'Add `on_fail:`, `cannot_handle:` under `on:`, or the repair flow `cannot_handle`.',
    );
  }

  // — Values ———————————————————————————————————————————————————————————————————————————————————————————————

  /** A literal, `=expression`, or a list or map of them. */
  value(key: string | Path, source: unknown, expected?: Type): Compiled {
    return compileValue(this, this.path(key), source, expected);
  }

  /** A text in every language of the deployment. */
  text(key: string | Path, source: unknown, extra?: ReadonlyMap<string, Name>): Localized {
    return compileLocalized(this, this.path(key), source, extra);
  }

  /** A label must fit the buttons of every channel that is switched on. */
  checkLabel(key: Path, source: unknown): void {
    checkLabel(this, key, source);
  }
}

const NAME = /^[a-z]\w*$/i;

/** A step without its names: renaming it does not change it. */
function unnamed(source: unknown): unknown {
  if (typeof source !== 'object' || source === null) return source;
  return Object.fromEntries(Object.entries(source).filter(([key]) => key !== 'id' && key !== 'was'));
}
