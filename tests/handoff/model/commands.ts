import { expect } from '@jest/globals';
import fc from 'fast-check';
import { botSpeaks, type Happening, speaker } from '../../../src/handoff/control.ts';
import type { Model } from './model.ts';
import { AGENTS, type ConversationWorld, MINUTE } from './world.ts';

type Both = readonly [Model, ConversationWorld];

/** Something that is done to both; afterwards they must agree. */
class Step implements fc.Command<Model, ConversationWorld> {
  readonly #name: string;
  readonly #does: (...both: Both) => void;
  readonly #isLate: boolean;

  /** @param isLate nothing has noticed it yet: what comes next does */
  constructor(name: string, does: (...both: Both) => void, isLate = false) {
    this.#name = name;
    this.#does = does;
    this.#isLate = isLate;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, world: ConversationWorld): void {
    this.#does(model, world);
    if (!this.#isLate) agree(model, world);
  }

  toString(): string {
    return this.#name;
  }
}

/** The promises of the desk, each as an expectation. */
function agree(model: Model, world: ConversationWorld): void {
  world.ring();
  const { control } = world;
  const at = control?.at ?? 'bot';
  // One controller, and the right one.
  const who = control === undefined ? 'bot' : speaker(control);
  expect(who).toBe(model.phase === 'bot' || model.phase === 'closed' ? 'bot' : model.who);
  // Whenever somebody else may speak, another epoch has begun; none ever comes again.
  const epoch = control?.epoch ?? 0;
  expect(epoch).toBeGreaterThanOrEqual(model.before.epoch + (who === model.before.who ? 0 : 1));
  model.before = { who, epoch };
  // Nobody is lost between the stands, and the desk's lists know where everybody is.
  expect(phaseOf(at)).toBe(model.phase);
  expect(at === 'offered').toBe(model.offered !== undefined);
  if (control !== undefined) expect(world.stand).toMatchObject({ at, epoch: control.epoch, version: control.version });
  // The bot's flows are silent if, and only if, it is not the bot's turn.
  expect(world.state?.human === true).toBe(control !== undefined && !botSpeaks(control));
  // But for the word that it passes her on, the bot says nothing in a turn that is not its own.
  expect(world.spokenOver.filter((text) => text !== 'passing you on')).toEqual([]);
  // Nobody's words reach her but those of whoever has the conversation: each once, as they were left, and in their order.
  expect(world.spoken).toEqual(model.spoken);
  // Every decision is heard once, and none is forgotten.
  expect(world.decisions).toEqual(model.decisions);
  const tasks = control?.tasks ?? [];
  expect(tasks.flatMap(({ id, mode }) => (mode === 'approval' ? [id] : []))).toEqual(model.tasks);
  if (control !== undefined) expect(world.stand?.tasks ?? 0).toBe(tasks.length);
  // Every promise is judged rightly.
  expect(world.verdicts).toEqual(model.verdicts);
  for (const { from, agent, epoch, said } of world.delivered) {
    // Nothing of the bot's reaches her after somebody else has got the conversation.
    if (from !== 'agent') expect(epoch).toBe(said);
    expect(from === 'agent').toBe(agent !== undefined);
  }
}

function phaseOf(at: string): Model['phase'] {
  switch (at) {
    case 'bot':
    case 'closed':
      return at;
    case 'queued':
    case 'offered':
      return 'waiting';
    case 'wrap_up':
      return 'wrap';
    default:
      return 'held';
  }
}

const agent = fc.constantFrom(...AGENTS);
const pair = fc.tuple(agent, agent);

function byAgent(name: string, of: (agent: string) => Happening, meant: (model: Model, agent: string) => void) {
  return agent.map(
    (who) =>
      new Step(`${name} ${who}`, (model, world) => {
        world.do(of(who));
        meant(model, who);
      }),
  );
}

function byTwo(
  name: string,
  of: (one: string, other: string) => Happening,
  meant: (model: Model, one: string, other: string) => void,
) {
  return pair.map(
    ([one, other]) =>
      new Step(`${name} ${one} ${other}`, (model, world) => {
        world.do(of(one, other));
        meant(model, one, other);
      }),
  );
}

const step = (name: string, does: (...both: Both) => void) => fc.constant(new Step(name, does));

/** Whatever a customer, two agents, the router, a platform, the clock and a machine may do. */
export const STEPS: fc.Arbitrary<fc.Command<Model, ConversationWorld>>[] = [
  fc.constantFrom('hello', 'human', 'human', 'thanks', 'approve', '1', '2', '3').map(
    (text) =>
      new Step(`write ${text}`, (model, world) => {
        world.write(text);
        model.write(text);
      }),
  ),
  byAgent(
    'claim',
    (who) => ({ on: 'claimed', agent: who }),
    (model, who) => model.claim(who),
  ),
  agent.map(
    (who) =>
      new Step(`say ${who}`, (model, world) => {
        const said = model.say(who);
        world.do({ on: 'said', agent: who, text: said }, said);
      }),
  ),
  // Of the last words: her own or her colleague's, still kept back or long out.
  agent.map(
    (who) =>
      new Step(`edit ${who}`, (model, world) => {
        world.do({ on: 'edited', agent: who, said: model.last, text: `${model.last}!` });
        model.edit(who);
      }),
  ),
  agent.map(
    (who) =>
      new Step(`delete ${who}`, (model, world) => {
        world.do({ on: 'deleted', agent: who, said: model.last });
        model.take(who);
      }),
  ),
  fc.constantFrom(4, 12).map(
    (seconds) =>
      new Step(`pass ${seconds} s`, (model, world) => {
        world.pass(seconds * 1_000, false);
        model.pass(seconds * 1_000);
      }),
  ),
  agent.map(
    (who) =>
      new Step(`decide ${who}`, (model, world) => {
        const task = model.tasks.at(-1) ?? 't0';
        world.do({ on: 'decided', agent: who, task, outcome: 'approved' });
        model.decide();
      }),
  ),
  step('decide elsewhere', (model, world) => {
    const handoff = model.tasks.at(-1);
    if (handoff === undefined) return;
    world.happen({ kind: 'signal', name: 'handoff.decided', data: { handoff, outcome: 'approved' } });
    model.decide();
  }),
  byAgent(
    'note',
    (who) => ({ on: 'noted', agent: who, text: 'a note' }),
    () => undefined,
  ),
  byAgent(
    'offer',
    (who) => ({ on: 'offered', agent: who }),
    (model, who) => model.offer(who),
  ),
  byAgent(
    'decline',
    (who) => ({ on: 'declined', agent: who }),
    (model, who) => model.decline(who),
  ),
  byTwo(
    'assign',
    (one, to) => ({ on: 'assigned', agent: one, to, note: 'why' }),
    (model, one, to) => model.assign(one, to),
  ),
  byAgent(
    'requeue',
    (who) => ({ on: 'requeued', agent: who, queue: 'support', note: 'why' }),
    (model, who) => model.requeue(who),
  ),
  byTwo(
    'consult',
    (one, other) => ({ on: 'consulted', agent: one, with: other, note: 'why' }),
    (model, one, other) => model.consult(one, other),
  ),
  byAgent(
    'hand over',
    (who) => ({ on: 'handed_over', agent: who }),
    (model, who) => model.handOver(who),
  ),
  byAgent(
    'hold',
    (who) => ({ on: 'held', agent: who }),
    (model, who) => model.putOnHold(who),
  ),
  fc.tuple(agent, fc.constantFrom(1, 60)).map(
    ([who, minutes]) =>
      new Step(`snooze ${who} ${minutes} min`, (model, world) => {
        world.do({ on: 'held', agent: who, for: minutes * MINUTE });
        model.putOnHold(who, minutes * MINUTE);
      }),
  ),
  byAgent(
    'resume',
    (who) => ({ on: 'resumed', agent: who }),
    (model, who) => model.resume(who),
  ),
  byAgent(
    'wrap',
    (who) => ({ on: 'wrapped', agent: who, outcome: 'solved', topic: 'orders' }),
    (model, who) => model.wrap(who),
  ),
  byAgent(
    'finish',
    (who) => ({ on: 'finished', agent: who }),
    (model, who) => model.finish(who),
  ),
  byAgent(
    'return',
    (who) => ({ on: 'returned', agent: who, outcome: 'solved' }),
    (model, who) => model.giveBack(who),
  ),
  byAgent(
    'leave',
    (who) => ({ on: 'left', agent: who }),
    (model, who) => model.leave(who),
  ),
  fc.tuple(fc.constantFrom(0.75, 1, 2, 3, 5, 60, 600, 1440), fc.boolean()).map(
    ([minutes, late]) =>
      new Step(
        `pass ${minutes} min${late ? ', timers late' : ''}`,
        (model, world) => {
          world.pass(minutes * MINUTE, late);
          model.pass(minutes * MINUTE);
        },
        late,
      ),
  ),
  // The machine sleeps through the end of a wrap-up, of an offer, of a promise.
  fc.constantFrom(1, 2).map(
    (minutes) =>
      new Step(
        `sleep ${minutes} min`,
        (model, world) => {
          world.pass(minutes * MINUTE, true);
          model.pass(minutes * MINUTE);
        },
        true,
      ),
  ),
  step('news of the world', (_, world) => world.happen({ kind: 'signal', name: 'news', data: {} })),
  step('deliver', (_, world) => world.deliver()),
  step('repeat', (_, world) => world.repeat()),
];
