import type { Contestant } from '../contestant.ts';
import { Crowd } from '../drive.ts';
import { handWritten } from './switch.ts';

/** Answers what was recorded beforehand, without looking at the message: the cost of the driver itself, which is part of every figure. */
export const harness: Contestant = {
  name: 'harness',
  durable: false,
  async open(stage) {
    const crowd = new Crowd(stage.script);
    const { receive } = await handWritten.open({ ...stage, sink: crowd.sink });
    crowd.connect(receive);
    const customer = crowd.customer('harness');
    const answers = stage.script.map(() => {
      customer.log = [];
      crowd.send(customer, () => undefined);
      return customer.log;
    });
    const places = new Map<string, number>();
    return {
      receive(bytes) {
        const body = bytes.toString();
        const from = body.indexOf('"from":{"id":"') + 14;
        const address = body.slice(from, body.indexOf('"', from));
        const place = places.get(address) ?? 0;
        places.set(address, (place + 1) % answers.length);
        for (const payload of answers[place] ?? []) stage.sink(address, payload);
      },
      close: async () => undefined,
    };
  },
};
