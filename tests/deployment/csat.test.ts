import { describe, expect, test } from '@jest/globals';
import { createBot } from '../../src/deployment/bot.ts';
import { compileDeployment, loadDeployment } from '../../src/deployment/deployment.ts';
import { Folder } from '../cli/deployment-folder.ts';

const flow = 'flow: hello\ntriggers: {examples: {en: [hello]}}\nsteps: [say: Hello.]\n';

async function load(csat: string) {
  using folder = new Folder({ 'parley.yaml': `name: Test\n${csat}`, 'flows/hello/flow.yaml': flow });
  const deployment = await loadDeployment(folder.path, {});
  const compiled = compileDeployment(deployment);
  return { bot: createBot(deployment, compiled), codes: compiled.problems.map(({ code }) => code) };
}

describe('csat of parley.yaml', () => {
  test('says after which flows, how often, and how many are asked', async () => {
    const { bot } = await load('csat: {after: [hello], every: 7d, sample: 0.5}\n');
    expect(bot.csat).toEqual({ after: new Set(['hello']), every: 7 * 86_400_000, sample: 0.5 });
    expect((await load('csat: {after: [hello]}\n')).bot.csat).toMatchObject({ every: 30 * 86_400_000, sample: 1 });
    expect((await load('')).bot.csat).toBeUndefined();
  });

  test('names flows that there are', async () => {
    expect((await load('csat: {after: [helo]}\n')).codes).toContain('settings.unknown_flow');
  });
});
