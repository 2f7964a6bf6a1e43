import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parley } from '../cli/parley.ts';
import { Customer } from './customer.ts';
import { endAll, Program, ROOT, type Running, scratch, startShop, until } from './process.ts';

/** The files that docs/tutorial.md tells its reader to write, by their names. */
const TUTORIAL = new Map(
  [...readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8').matchAll(/```yaml\n# (\S+)\n(.*?)```/gs)].map(
    ([, file, text]): [string, string] => [file ?? '', text ?? ''],
  ),
);
const FLOW = 'flows/gift-card/flow.yaml';

describe('a new author', () => {
  let folder: string;
  let shop: Running;
  beforeEach(async () => {
    folder = join(scratch(), 'gift-bot');
    const made = await parley(['new', folder, '--no-install']);
    expect(made.code).toBe(0);
    shop = await startShop(scratch());
  });
  afterEach(endAll);

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const tutorial = (file: string) => TUTORIAL.get(file) ?? '';
  /** What `npm start` runs in a new folder. */
  const start = async (): Promise<Running> => {
    const program = Program.parley(['start', folder, '--watch', '--port', '0'], { SHOP_URL: shop.url });
    return { program, url: await program.says(/(http:\/\/[\d.:]+)\/chat/) };
  };

  test('follows the tutorial: the saved flow is live, and the open conversation goes on', async () => {
    const bot = await start();
    const before = await Customer.at(bot.url);
    await before.write('hello there');
    await before.hears('What may I call you?');

    expect(tutorial(FLOW).trim().split('\n').length).toBeLessThanOrEqual(30);
    for (const [file, text] of TUTORIAL) write(file, text);
    await bot.program.says(/Flows taken up in \d+ ms/);
    await untilLive(bot, 'gift card balance', 'What is the number on the card?');
    const customer = await Customer.at(bot.url);
    await customer.write('gift card balance');
    await customer.hears('What is the number on the card?');
    await customer.write('it is GC-12345678');
    await customer.hears(/€\d+\.\d\d is left on it, until/);
    expect([...(await customer.offers()).keys()]).toContain('Talk to a human');

    await before.write('Ana');
    await before.hears('Nice to meet you, Ana');
    expect(await bot.program.end('SIGTERM')).toBe(0);
    console.info(bot.program.lines.filter((line) => line.startsWith('Flows taken up')).join('\n'));
  }, 60_000);

  test('has the tutorial’s tests pass, with every step entered', async () => {
    for (const [file, text] of TUTORIAL) write(file, text);
    const { code, out } = await parley(['test', folder, '--coverage', '100']);
    expect(out).toContain('100 %  gift_card');
    expect(code).toBe(0);
  }, 30_000);

  test('sees her mistakes told by the running bot, which stays as it was', async () => {
    for (const [file, text] of TUTORIAL) write(file, text);
    const bot = await start();
    const customer = await Customer.at(bot.url);
    await customer.write('gift card balance');
    await customer.hears('What is the number');
    write(FLOW, tutorial(FLOW).replace('collect: number', 'colect: number'));
    await bot.program.says(/flow.yaml:11:5 error flow.unknown_step/);
    await bot.program.says(/stay as they were/);
    await customer.write('GC-00000001');
    await customer.hears('0.00 is left on it');
  }, 40_000);

  test('is told where each of her mistakes is and what to do about it', async () => {
    for (const [file, text] of TUTORIAL) write(file, text);
    write('parley.yaml', readFileSync(join(folder, 'parley.yaml'), 'utf8').replace('[en]', '[en, zh]'));
    write(
      'flows/connectors.yaml',
      tutorial('flows/connectors.yaml').replace(
        'types:',
        '    block: {effect: write, in: {number: string}, out: {blocked: boolean}, http: "POST /gift-cards/{number}/block"}\ntypes:',
      ),
    );
    const wrong = (from: string, to: string) => write(FLOW, tutorial(FLOW).replace(from, to));

    wrong('collect: number', 'colect: number');
    expect(await told()).toContainEqual(['11:5', 'flow.unknown_step', 'Did you mean `collect`?']);
    wrong('if: card == null', 'if: crad == null');
    expect(await told()).toContainEqual(['17:9', 'expression.unknown_name', 'Did you mean "card"?']);
    wrong('say: I do not know card {number}.', 'say: {en: "I do not know card {number}."}');
    expect(await told()).toContainEqual([
      '19:14',
      'message.missing_locale',
      'Add `zh:`, since parley.yaml lists that language.',
    ]);
    wrong('reason: unknown_card', 'reson: unknown_card');
    expect(await told()).toContainEqual(['23:47', 'flow.unknown_key', 'Did you mean `reason`?']);
    wrong('  - end: resolved', '  - action: giftcards.block\n    with: {number: =number}\n  - end: resolved');
    expect(await told()).toContainEqual(['27:13', 'action.needs_consent', expect.stringContaining('confirmed_by')]);
    wrong('en: "{card.balance} is left on it, until {card.expires_on}."', 'en: {card.balance} is left on it');
    expect(await told()).toContainEqual(['25:26', 'yaml.unquoted_brace', expect.stringContaining('double quotes')]);
    wrong('description: Tells what is left on a gift card', 'description: {en: Tells what is left}');
    expect(await told()).toContainEqual(['3:14', 'flow.invalid_value', expect.stringContaining('Write the text')]);
  }, 60_000);

  /** Place, code and remedy of every error in the new flow. Each has a remedy. */
  async function told(): Promise<[string, string, string | undefined][]> {
    const { code, out } = await parley(['check', folder, '--json']);
    expect(code).toBe(1);
    const report = JSON.parse(out) as Problem[] | { problems: Problem[] };
    const problems = Array.isArray(report) ? report : report.problems;
    const errors = problems.filter(({ file, severity }) => file === FLOW && severity === 'error');
    for (const { message, hint } of errors) expect([message, hint]).not.toContain(undefined);
    return errors.map(({ line, col, code: name, hint }) => [`${line}:${col}`, name, hint]);
  }

  /** Several files are saved one after the other, and taken up as they come. */
  async function untilLive(bot: Running, asked: string, answer: string): Promise<void> {
    await until(async () => {
      const trying = await Customer.at(bot.url);
      await trying.write(asked);
      await trying.hears(/\?/);
      await new Promise((next) => setTimeout(next, 200));
      return (await trying.heard()).some((text) => text.includes(answer));
    }, 'the saved flow');
  }
});

interface Problem {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly severity: string;
}
