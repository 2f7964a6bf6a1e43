import { payloadOf, readBody } from '../channel.ts';
import type { Contestant } from '../contestant.ts';
import { answer, type Memory, render } from './by-hand.ts';

/** The hand-written bot in memory: a JSON string per conversation. Nothing can be cheaper and still do the work. */
export const handWritten: Contestant = {
  name: 'switch',
  durable: false,
  open: async ({ sink }) => {
    const states = new Map<string, string>();
    return {
      receive(body) {
        const { address, text } = readBody(body);
        const stored = states.get(address);
        const memory: Memory = stored === undefined ? { step: 'idle' } : JSON.parse(stored);
        const replies = answer(memory, text);
        states.set(address, JSON.stringify(memory));
        for (const reply of replies) sink(address, payloadOf(address, render(reply)));
      },
      close: async () => undefined,
    };
  },
};
