import type { Program } from '../flow/program.ts';

/** Which steps a run of tests entered. */
export class Coverage {
  private readonly entered = new Map<string, Set<number>>();

  /** The same programs, counting. */
  watch(programs: ReadonlyMap<string, Program>): ReadonlyMap<string, Program> {
    return new Map([...programs].map(([name, program]) => [name, this.watchOne(program)]));
  }

  private watchOne(program: Program): Program {
    const hits = new Set<number>();
    this.entered.set(program.flow, hits);
    return {
      ...program,
      ops: program.ops.map((op) => ({
        ...op,
        enter(run) {
          hits.add(op.step);
          return op.enter(run);
        },
      })),
    };
  }

  /** Steps entered, of all; and the lines of those that no test enters. */
  of(program: Program): { entered: number; steps: number; missed: { id: string; line: number }[] } {
    const hits = this.entered.get(program.flow) ?? new Set();
    const emitting = new Set(program.ops.map(({ step }) => step));
    const steps = program.steps.map((step, index) => ({ step, index })).filter(({ index }) => emitting.has(index));
    const missed = steps.filter(({ index }) => !hits.has(index)).map(({ step: { id, line } }) => ({ id, line }));
    return { entered: steps.length - missed.length, steps: steps.length, missed };
  }
}
