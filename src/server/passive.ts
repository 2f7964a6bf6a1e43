import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { RawResponse, SendContext } from '../channel.ts';
import { ParleyError } from '../errors.ts';

/**
 * A call of a platform that waits to be answered with what the bot says to it. It takes one answer, and only until its deadline, or
 * until the platform hangs up: whoever comes later, or second, is told so and sends by other means.
 */
export interface Passive {
  /** For the engine: see {@link SendContext.passive}. */
  readonly reply: NonNullable<SendContext<unknown>['passive']>;
  /** Waits for the answer. `undefined`: none has come in time, and none is taken any more. */
  said(): Promise<RawResponse | undefined>;
  /** Waits no longer. */
  close(): void;
}

/**
 * @param deadline milliseconds from now
 * @param line what the answer leaves by; absent for a call that came without a network
 */
export function openPassive(deadline: number, line: ServerResponse | undefined): Passive {
  const answer = Promise.withResolvers<RawResponse | undefined>();
  let open = true;
  const patience = setTimeout(close, deadline);
  line?.once('close', close);

  function close(): void {
    open = false;
    clearTimeout(patience);
    line?.off('close', close);
    // Changes nothing where an answer was taken before.
    answer.resolve(undefined);
  }

  return {
    async reply(response) {
      if (!open) throw tooLate();
      answer.resolve(response);
      close();
      if (line !== undefined) await hasLeft(line);
    },
    said: () => answer.promise,
    close,
  };
}

async function hasLeft(line: ServerResponse): Promise<void> {
  try {
    await finished(line, { readable: false });
  } catch (cause) {
    throw new ParleyError('channel.passive_cut', 'The platform hung up while it was being answered.', { cause });
  }
}

function tooLate(): ParleyError {
  return new ParleyError('channel.passive_gone', 'The call that this would have answered waits no longer.', {
    retryable: true,
  });
}
