/** What a model has proposed, made into commands as far as it may be: every one of them is checked again, and what does not hold is left out. */
import type { Json, JsonObject } from '../../type.ts';
import type { FlowView } from '../embedded.ts';
import { Said } from '../said.ts';
import type { Command, Context, Rejection, SlotView, Weighed } from '../understanding.ts';
import { MOVES, type Proposed, TOPICS } from './shape.ts';
import { checked, spanOf } from './value.ts';

/** Nobody makes more moves in a message. */
const MOST = 12;
/** What was understood by a model counts as sure as this: enough to act, not enough to outweigh what was looked up. */
const CONFIDENCE = 0.8;

type SetCommand = Extract<Command, { do: 'set' | 'correct' }>;

export function weigh(answer: Json, text: string, context: Context, flows: readonly FlowView[]): Weighed {
  const judge = new Judge(new Said(text), context, new Map(flows.map((flow) => [flow.name, flow])));
  for (const move of inOrder(movesIn(answer).slice(0, MOST), context.busy)) judge.hear(move);
  return { commands: judge.commands(), rejected: judge.rejected };
}

function movesIn(answer: Json): readonly Json[] {
  const { commands } = isRecord(answer) ? answer : {};
  return Array.isArray(commands) ? commands : [];
}

/** With nothing running, a value that comes first can only be for the flow that is begun after it. */
function inOrder(moves: readonly Json[], busy: boolean): readonly Json[] {
  const first = moves.findIndex((move) => isRecord(move) && move.do === 'start');
  return busy || first < 1 ? moves : [moves[first] ?? null, ...moves.slice(0, first), ...moves.slice(first + 1)];
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class Judge {
  readonly rejected: { move: string; why: Rejection }[] = [];
  readonly #said: Said;
  readonly #context: Context;
  readonly #flows: ReadonlyMap<string, FlowView>;
  /** In the order in which she means them: values belong to the flow that is begun before them. */
  readonly #moves: Command[] = [];
  /** Where among those a value of a slot stands. */
  readonly #places = new Map<string, number>();
  /** Flows that she is asked about, instead of starting one. */
  readonly #unclear: string[] = [];

  constructor(said: Said, context: Context, flows: ReadonlyMap<string, FlowView>) {
    this.#said = said;
    this.#context = context;
    this.#flows = flows;
  }

  hear(proposed: Json): void {
    const { do: move, flow, slot, value } = isRecord(proposed) ? proposed : {};
    const known = MOVES.find((each) => each === move);
    if (known === undefined) return this.#reject('unknown', 'no_command');
    const why = this.#take(known, textOf(flow), textOf(slot), textOf(value));
    if (why !== undefined) this.#reject(known, why);
  }

  commands(): readonly Command[] {
    if (this.#moves.length > 0 || this.#unclear.length === 0) return this.#moves;
    return [{ do: 'clarify', flows: [...new Set(this.#unclear)] }];
  }

  #reject(move: string, why: Rejection): void {
    this.rejected.push({ move, why });
  }

  #take(move: Proposed, flow: string, slot: string, value: string): Rejection | undefined {
    const { question, busy } = this.#context;
    switch (move) {
      case 'start':
      case 'clarify':
        return this.#flow(move, flow);
      case 'set':
      case 'correct':
        return this.#value(move, slot, value);
      case 'confirm':
      case 'deny':
        return this.#yesOrNo(move === 'confirm');
      case 'cancel':
        return busy ? this.#do({ do: 'cancel' }) : 'not_now';
      case 'skip':
        return question?.optional ? this.#do({ do: 'skip' }) : 'not_now';
      case 'ask':
        return this.#do({ do: 'ask', query: this.#question(value) });
      case 'chitchat': {
        const topic = TOPICS.find((each) => each === value);
        return topic === undefined ? 'invalid_value' : this.#do({ do: 'chitchat', topic });
      }
      case 'repeat':
      case 'human':
      case 'stop':
        return this.#do({ do: move });
    }
  }

  #do(command: Command): undefined {
    const isTwice = this.#moves.some((each) => JSON.stringify(each) === JSON.stringify(command));
    if (!isTwice) this.#moves.push(command);
  }

  /** One that may change something without asking is offered: then it is she who starts it. */
  #flow(move: 'start' | 'clarify', name: string): Rejection | undefined {
    const flow = this.#flows.get(name);
    if (flow === undefined) return 'unknown_flow';
    if (move === 'clarify' || flow.unasked) this.#unclear.push(name);
    else this.#do({ do: 'start', flow: name, confidence: CONFIDENCE });
    return undefined;
  }

  /** A no is a no. A yes to a question of the flow is an answer; a yes to a confirm is her consent, and nobody else's to give. */
  #yesOrNo(value: boolean): Rejection | undefined {
    const { question } = this.#context;
    if (question === undefined || (!question.confirm && question.type.kind !== 'boolean')) return 'not_now';
    if (value && question.confirm) return 'consent';
    return this.#keep({ do: 'set', slot: question.name, value, confidence: CONFIDENCE });
  }

  #value(move: 'set' | 'correct', name: string, proposed: string): Rejection | undefined {
    const { question, known, busy } = this.#context;
    if (question?.confirm && question.name === name) return 'consent';
    const held = this.#begun().length === 0 ? known.find((each) => each.name === name) : undefined;
    if (move === 'correct' && (held === undefined || !busy)) return 'unknown_slot';
    const slot = held ?? this.#slotOf(name);
    if (slot === undefined || slot.hidden) return 'unknown_slot';
    if (move === 'correct' && proposed === '') return this.#keep({ do: 'correct', slot: name, confidence: CONFIDENCE });
    const result = checked(proposed, slot, this.#said, this.#context);
    if ('why' in result) return result.why;
    // What has a value already is not silently filled a second time.
    return this.#keep({ do: held ? 'correct' : 'set', slot: name, confidence: CONFIDENCE, ...result });
  }

  #keep(command: SetCommand): Rejection | undefined {
    const key = `${this.#begun().length} ${command.slot}`;
    const place = this.#places.get(key) ?? this.#moves.length;
    const other = this.#moves[place] as SetCommand | undefined;
    const both = other === undefined ? command : together(other, command);
    if (both === undefined) return 'contradiction';
    this.#places.set(key, place);
    this.#moves[place] = both;
    return undefined;
  }

  /** Of the flow that she has just begun by the same words; else the one that is asked for, or that will be. */
  #slotOf(name: string): SlotView | undefined {
    const { question, awaited = [] } = this.#context;
    const begun = this.#flows.get(this.#begun().at(-1) ?? '')?.slots?.find((slot) => slot.name === name);
    if (begun !== undefined) return begun;
    return question?.name === name ? question : awaited.find((slot) => slot.name === name);
  }

  #begun(): readonly string[] {
    return this.#moves.flatMap((each) => (each.do === 'start' ? [each.flow] : []));
  }

  /** Her own words: whatever a model made of them, documents are searched for what she said. */
  #question(proposed: string): string {
    const span = spanOf(proposed, this.#said);
    return (span === undefined ? this.#said.original : this.#said.original.slice(span.from, span.to)).trim();
  }
}

/** Several articles for one list; the same value twice is one. Two different ones for a single slot are no answer to trust. */
function together(one: SetCommand, other: SetCommand): SetCommand | undefined {
  const [a, b] = [one.value, other.value];
  if (JSON.stringify(a) === JSON.stringify(b)) return one;
  return Array.isArray(a) && Array.isArray(b) && one.do === other.do ? { ...one, value: [...a, ...b] } : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
