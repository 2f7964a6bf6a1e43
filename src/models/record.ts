import { codeOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Usage } from './model.ts';
import type { Layer, Request } from './provider.ts';

/** How often models were asked since the process began, and what it took. */
export interface Figures {
  readonly asked: number;
  readonly failed: number;
  readonly cached: number;
  readonly tokens: number;
  readonly cost: number;
}

export interface Recorder {
  readonly figures: Figures;
  tell(request: Request, end: { readonly usage: Usage } | { readonly error: unknown }, ms: number): void;
}

/** Counts, and writes a line to the log for each question: what it was for, how long it took, never what was said. */
export function createRecorder(log: Log): Recorder {
  let figures: Figures = { asked: 0, failed: 0, cached: 0, tokens: 0, cost: 0 };
  return {
    get figures() {
      return figures;
    },
    tell(request, end, ms) {
      const action = request.kind === 'complete' ? request.prompt.name : request.kind;
      if ('error' in end) {
        figures = { ...figures, asked: figures.asked + 1, failed: figures.failed + 1 };
        return log.warn('model.failed', { action, ms, code: codeOf(end.error) });
      }
      const { input, output, cost, cached } = end.usage;
      figures = {
        asked: figures.asked + 1,
        failed: figures.failed,
        cached: figures.cached + (cached ? 1 : 0),
        tokens: figures.tokens + input + output,
        cost: figures.cost + cost,
      };
      log.info('model.asked', { action, ms, size: input + output, status: cached ? 'cached' : 'answered' });
    },
  };
}

/** Tells the recorder of every question. */
export function withRecord(recorder: Recorder, now: () => number = () => performance.now()): Layer {
  return (inner) => ({
    ...inner,
    async ask(request, call) {
      const begin = now();
      const took = () => Math.round(now() - begin);
      try {
        const reply = await inner.ask(request, call);
        recorder.tell(request, reply, took());
        return reply;
      } catch (error) {
        recorder.tell(request, { error }, took());
        throw error;
      }
    },
    async *stream(request, call) {
      const begin = now();
      const took = () => Math.round(now() - begin);
      try {
        for await (const part of inner.stream(request, call)) {
          if ('usage' in part) recorder.tell(request, part, took());
          yield part;
        }
      } catch (error) {
        recorder.tell(request, { error }, took());
        throw error;
      }
    },
  });
}
