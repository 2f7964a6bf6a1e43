import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';
import { demo } from './endpoint.ts';

const Fault = z
  .strictObject({
    match: z.string().max(200).optional().describe('Part of "METHOD /path"; without it, every API request.'),
    latency_ms: z.int().min(0).max(120_000).optional(),
    status: z.int().min(400).max(599).optional().describe('Answer this instead of doing anything.'),
    drop_after_success: z.boolean().optional().describe('Do it, then cut the connection instead of answering.'),
    times: z.int().min(1).max(1_000_000).optional().describe('How often; without it, until DELETE /faults.'),
  })
  .meta({ id: 'Fault' });

export type Fault = z.infer<typeof Fault>;

/** Trouble on the line, switched on by tests. Kept in memory: a restarted shop is well again. */
export class Faults {
  #faults: { fault: Fault; left: number }[] = [];

  readonly endpoints: readonly Endpoint[] = [
    demo('POST /faults', {
      summary: 'Trouble for the requests to come (tests)',
      takes: Fault,
      answer: z.strictObject({ active: z.int() }),
      handle: (_shop, fault) => {
        this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
        return { active: this.#faults.length };
      },
    }),
    demo('DELETE /faults', {
      summary: 'No more trouble',
      takes: z.strictObject({}),
      answer: z.strictObject({ active: z.int() }),
      handle: () => {
        this.#faults = [];
        return { active: 0 };
      },
    }),
  ];

  /** The first trouble that is meant for this request, counted as used. */
  next(method: string, path: string): Fault | undefined {
    const found = this.#faults.find(
      ({ fault }) => fault.match === undefined || `${method} ${path}`.includes(fault.match),
    );
    if (found === undefined) return undefined;
    found.left--;
    if (found.left <= 0) this.#faults = this.#faults.filter((other) => other !== found);
    return found.fault;
  }
}
