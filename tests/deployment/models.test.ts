import { describe, expect, test } from '@jest/globals';
import { type ChosenModels, findModels, isNamed } from '../../src/deployment/models.ts';
import { readSettings } from '../../src/deployment/settings.ts';

const NONE: ChosenModels['choices'] = {};
const KEYS = { OPENAI_API_KEY: 'sk-1', OTHER_KEY: 'k-2' };

function found(models: string, environment: Readonly<Record<string, string>> = KEYS) {
  const { settings, yaml, problems } = readSettings(`name: Shop\nmodels: ${models}\n`);
  if (settings === undefined) return { problems, choices: NONE, settings };
  return { ...findModels(settings.models, environment, yaml), settings };
}

const codes = (models: string, environment = KEYS) => found(models, environment).problems.map(({ code }) => code);

describe('models in parley.yaml', () => {
  test('one model does what is words, and no picture or voice leaves unnamed', () => {
    const { choices } = found(`{key: "\${OPENAI_API_KEY}", model: gpt-5-mini}`);
    expect(Object.keys(choices)).toEqual(['understanding', 'answer', 'llm']);
    expect(choices.llm).toEqual({ provider: 'openai', model: 'gpt-5-mini', structured: 'auto', key: 'sk-1' });
  });

  test('a task may have another model, none, or an endpoint of its own that gets no other’s key', () => {
    const { choices } = found(
      `{key: "\${OPENAI_API_KEY}", model: m, prices: {v: {input: 1, output: 2}}, extra: {a: 1},
        tasks: {answer: n, llm: false, vision: {model: v, structured: json}, embedding: {base: "http://127.0.0.1:11434/v1/", model: e}}}`,
    );
    expect(choices.answer?.model).toBe('n');
    expect(choices.llm).toBeUndefined();
    expect(choices.vision).toMatchObject({
      model: 'v',
      key: 'sk-1',
      structured: 'json',
      price: { input: 1, output: 2 },
    });
    expect(choices.embedding).toEqual({
      provider: 'openai',
      base: 'http://127.0.0.1:11434/v1',
      model: 'e',
      structured: 'auto',
    });
  });

  test('a key that is not here is a warning, and nothing is asked', () => {
    const { choices, problems, settings } = found(`{key: "\${OPENAI_API_KEY}", model: m}`, {});
    expect(choices).toEqual({});
    expect(problems).toMatchObject([{ code: 'models.missing_environment', severity: 'warning' }]);
    expect(problems[0]?.message).toContain('OPENAI_API_KEY');
    // Flows are compiled as they will run where the key is.
    expect(isNamed(settings?.models, 'llm')).toBe(true);
  });

  test.each([
    ['{key: sk-1234, model: m}', 'settings.invalid_value'],
    ['{model: m, budgt: {}}', 'settings.unknown_key'],
    ['{model: m, base: "ftp://x"}', 'models.base'],
    ['{provider: langchain, model: "openai:m", tasks: {speech: whisper}}', 'models.task'],
    ['{model: m, countries: [Germany]}', 'settings.invalid_value'],
  ])('%s is a mistake', (models, code) => {
    expect(codes(models)).toEqual([code]);
  });
});
