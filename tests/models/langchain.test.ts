import { expect, test } from '@jest/globals';
import { modelOf } from '../../src/models/ask.ts';
import { langchain } from '../../src/models/langchain.ts';

test('a provider whose package is not installed says what to install', async () => {
  const model = modelOf(
    langchain({ model: 'anthropic:claude-test', key: 'k', structured: 'auto', can: { vision: false } }),
  );
  const asked = model.complete({ name: 't@1', system: '', messages: [{ from: 'user', text: 'Hi' }] });
  await expect(asked).rejects.toMatchObject({
    code: 'model.missing_package',
    hint: 'Install it beside Parley: npm install langchain @langchain/core @langchain/anthropic',
  });
});
