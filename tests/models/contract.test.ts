import { langchain } from '../../src/models/langchain.ts';
import { openai } from '../../src/models/openai.ts';
import { describeModel } from '../contracts/model-contract.ts';

const can = { complete: true, embed: false, vision: true, transcribe: false };

describeModel('openai', (base) => openai({ model: 'gpt-test', base, key: 'key', structured: 'auto', can }));
describeModel('langchain', (base) =>
  langchain({ model: 'openai:gpt-test', base, key: 'key', structured: 'auto', can }),
);
