import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Office } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await Office.open();
}, 60_000);
afterAll(() => office.close());

test('a translation comes once, as a marked line that tells its original, and calls nobody', async () => {
  const conversation = await office.write('human please');
  await office.settled();
  const post = {
    key: '900',
    from: 'customer',
    message: { text: '我的<!channel>花瓶碎了' },
    attachments: [],
    at: 1,
  } as const;
  const translation = { locale: 'en', text: 'My <!channel> vase <@U0MIA> is broken' };
  await office.desk.post(conversation, post);
  await office.desk.post(conversation, { ...post, key: '901', message: { text: '在吗' } });
  await office.desk.post(conversation, { ...post, translation });
  await office.desk.post(conversation, { ...post, translation });
  await office.settled();
  const lines = office.thread(conversation).join('\n');
  expect(lines.match(/花瓶碎了/g)).toHaveLength(2);
  expect(lines).toContain('“我的<!channel>花瓶碎了”\nMy <!channel> vase <@U0MIA> is broken');
  expect(lines).toMatch(/🌐 Customer/);
  const calls = office.slack.calls.filter(({ given }) => JSON.stringify(given).includes('vase'));
  expect(calls).toHaveLength(1);
  expect(String(calls[0]?.given.text)).not.toMatch(/<[!@]/);
  expect(JSON.stringify(calls[0]?.given.blocks)).not.toContain('mrkdwn');
});
