import { describe, expect, test } from '@jest/globals';
import { ParleyError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';

async function logged(fields: Record<string, unknown>, pretty = false, event = 'thing.done'): Promise<string> {
  const lines: string[] = [];
  const log = await createLog({ pretty, write: (line) => lines.push(line) });
  log.info(event, fields);
  return lines.join('');
}

describe.each([false, true])('the log (pretty: %s)', (pretty) => {
  test('passes what is on its list and nothing else', async () => {
    const line = await logged(
      {
        code: 'store.full',
        ms: 3,
        text: 'my card is 4111',
        email: 'ann@x.example',
        token: 'tok',
        nested: { text: 'deep' },
      },
      pretty,
    );
    expect(line).toContain('thing.done');
    expect(line).toContain('store.full');
    for (const secret of ['4111', 'ann@', 'tok', 'deep']) expect(line).not.toContain(secret);
  });

  test('tells of an error its code and its places, not its words', async () => {
    const line = await logged({ error: new ParleyError('shop.down', 'Ann’s order 77 failed') }, pretty);
    expect(line).toContain('shop.down');
    expect(line).toContain('log.test.ts');
    expect(line).not.toContain('Ann');
  });

  test('keeps one event on one line, without colours of strangers', async () => {
    const line = await logged({ code: 'a\r\nfake: event\u001b[31m\u2028\u202e' }, pretty, 'evil\nevent');
    expect(line.trimEnd().split('\n')).toHaveLength(1);
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  });

  test('leaves out levels below its own', async () => {
    const lines: string[] = [];
    const log = await createLog({ level: 'warn', pretty, write: (line) => lines.push(line) });
    log.info('a');
    log.warn('b');
    log.error('c');
    expect(lines).toHaveLength(2);
  });
});

test('a JSON line has time, level and event', async () => {
  expect(JSON.parse(await logged({ port: 3000 }))).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-/),
    event: 'thing.done',
    port: 3000,
  });
});
