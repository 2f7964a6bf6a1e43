import { isDeepStrictEqual } from 'node:util';
import type { Contestant, Stage } from './contestant.ts';
import { Crowd, heard } from './drive.ts';
import { SCRIPT } from './script.ts';

/**
 * Lets a customer go through the whole script twice and compares every message. What is wrong is told in words; an empty list means
 * that the contestant may be measured.
 */
export async function verify(
  contestant: Contestant,
  stage: Omit<Stage, 'sink' | 'script'>,
): Promise<readonly string[]> {
  const crowd = new Crowd(SCRIPT);
  const running = await contestant.open({ ...stage, script: SCRIPT, sink: crowd.sink });
  crowd.connect(running.receive);
  const wrong: string[] = [];
  try {
    for (const { does, hears } of [...SCRIPT, ...SCRIPT]) {
      const customer = crowd.customer('verify');
      customer.log = [];
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no answer to ${JSON.stringify(does)}`)), 5_000);
        crowd.send(customer, () => {
          clearTimeout(late);
          resolve();
        });
      });
      const got = customer.log.map(heard);
      if (!isDeepStrictEqual(got, hears))
        wrong.push(`to ${JSON.stringify(does)}: expected ${JSON.stringify(hears)}, got ${JSON.stringify(got)}`);
    }
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  await running.close();
  if (crowd.extra > 0) wrong.push(`${crowd.extra} messages more than expected`);
  return wrong;
}
