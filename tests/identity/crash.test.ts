import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { House, type Person } from './house.ts';

let directory: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'parley-move-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** She is asked how many cups, and has a code to bring to her phone. */
async function prepared(): Promise<string> {
  const house = await new House(directory).open();
  const she = house.person('web', 'ann');
  await she.says('I want to order', { key: 'w1' });
  await she.hears('Which drink?');
  await she.says('coffee', { key: 'w2' });
  await she.hears('How many cups?');
  await she.says('continue in another app', { key: 'w3' });
  await she.hears('Where shall we go on?');
  await she.says('SMS', { key: 'w4' });
  const code = await she.code();
  await she.hears('never share it');
  await house.stop();
  return code;
}

/** Brings the code to a bot that ends at that moment, before or after it has acknowledged. */
async function dies(moment: string, code: string): Promise<void> {
  child = spawn(process.execPath, [join(import.meta.dirname, 'victim.ts'), directory, moment], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(createInterface(child.stdout!), 'line');
  child.stdin!.write(`${JSON.stringify({ account: 'sms', address: '+1', key: 'move', text: code })}\n`);
  expect((await ended)[1]).toBe('SIGKILL');
}

async function times(she: Person, words: string): Promise<number> {
  return (await she.said()).filter((text) => text.includes(words)).length;
}

describe('a power cut while a conversation moves', () => {
  test.each(['leaving', 'continued', 'said'])(
    'loses nothing and repeats nothing, at %s',
    async (moment) => {
      const code = await prepared();
      await dies(moment, code);
      const house = await new House(directory).open();
      try {
        const phone = house.person('sms', '+1');
        // The platform has not been answered, or has not heard the answer.
        await phone.says(code, { key: 'move' });
        await phone.hears('Here we are');
        await phone.hears('How many cups?');
        await phone.says('3', { key: 'p2' });
        await phone.hears('Ordered as B1');
        expect(house.ordered).toMatchObject([{ drink: 'coffee', cups: 3 }]);
        expect(await times(phone, 'Here we are')).toBe(1);
        expect(await times(phone, 'How many cups?')).toBe(1);
        expect(
          (await phone.lines()).filter(({ from }) => from === 'customer').map(({ message }) => message.text),
        ).toEqual(['••••••••', '3']);
        expect(await times(house.person('web', 'ann'), 'Our conversation goes on')).toBe(1);
        const before = existsSync(join(directory, 'sent')) ? readFileSync(join(directory, 'sent'), 'utf8') : '';
        const sent = [...before.split('\n').filter((line) => line !== ''), ...house.sent.map(({ text }) => text)];
        expect(sent.filter((text) => text.includes('Here we are'))).toHaveLength(1);
      } finally {
        await house.stop();
      }
    },
    30_000,
  );
});
