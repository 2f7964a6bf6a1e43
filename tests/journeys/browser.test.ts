import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findBrowser, type OpenBrowser, openBrowser } from '../support/browser.ts';
import { ChatWindow } from './chat-window.ts';
import { readCode } from './mailbox.ts';
import { endAll, type Running, scratch, startDemo } from './process.ts';

const suite = findBrowser() ? describe : describe.skip;

/** A picture of one dot: enough to be one. */
const PHOTO = {
  name: 'crack.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};

suite('a customer in the chat on the demo’s page', () => {
  let demo: Running;
  let browser: OpenBrowser;
  let chat: ChatWindow;
  let complaints: string[];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([
      startDemo(scratch()),
      openBrowser({ viewport: { width: 1100, height: 820 }, locale: 'en-GB' }),
    ]);
  }, 40_000);
  afterAll(async () => {
    await browser.close();
    await endAll();
  });
  beforeEach(async () => {
    // The same browser, and yet a visitor whom nobody knows.
    await browser.context.clearCookies();
    const page = await browser.context.newPage();
    complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const { currentTestName } = expect.getState();
    chat = new ChatWindow(page, demo.url, currentTestName?.replace(/.*page /, '').replaceAll(' ', '-') ?? 'chat');
  });
  afterEach(async () => {
    await chat.page.evaluate('localStorage.clear()');
    await chat.page.close();
    expect(complaints).toEqual([]);
  });
  const mailbox = () => `${demo.url}/demo/mailbox`;

  test('learns where her parcel is, after a wrong code, a foreign order and a reload', async () => {
    await chat.open();
    await chat.say('where is my order?', 'Which email is on your account?');
    await chat.say('anna.schmidt@example.com', /6-digit code to anna/);
    await chat.say('000000', 'How shall we go on?');
    await chat.tap('Enter it again', /6-digit code/);
    await chat.say(await readCode(mailbox(), 'anna.schmidt@example.com'), 'Which order is it?');
    await chat.say('CN200001', 'I cannot find CN200001 on your account.');
    const [foreign] = (await chat.heard()).slice(-2);
    await chat.reload();
    await chat.say('ZZ999999', 'I cannot find ZZ999999 on your account.');
    // Not a word more or less than for an order that does not exist.
    expect((await chat.heard()).slice(-2)[0]?.replace('ZZ999999', 'CN200001')).toBe(foreign);
    await chat.say('AB123457', 'I have asked DHL to trace it');
    expect(await chat.heard()).toContain('Order AB123457 is with DHL.');
  }, 60_000);

  test('sends two mugs back, with a photo, a question in between and a correction', async () => {
    await chat.open();
    await chat.say('I want to return something', 'Which email');
    await chat.prove('anna.schmidt@example.com', /6-digit code/, 'Which order is it?');
    await chat.tap('AB123456', 'What is wrong with it?');
    await chat.tap('It is damaged', 'Which articles would you like to return?');
    await chat.say('the second one', 'How many of them?');
    await chat.say('2', 'Please send a photo');
    await chat.say('what do I owe?', 'Please send a photo');
    expect(await chat.heard()).toContain('Back to where we were.');
    await chat.attach(PHOTO);
    await chat.say('here it is', /2 × Stoneware mug and get €25.00/);
    await chat.say('actually it is the wrong item', /2 × Stoneware mug and get €25.00/);
    expect((await chat.heard()).join()).not.toContain('Done.');
    await chat.reload();
    await chat.tap('Yes', /Return R\d{8}/);
    await chat.page.getByRole('link', { name: 'Label' }).waitFor();
    await chat.askForHuman('Talk to a human', 'I am passing you to a colleague');
  }, 60_000);

  test('disputes a charge that was booked twice', async () => {
    await chat.open();
    await chat.say('I was charged twice', 'Which email');
    await chat.prove('anna.schmidt@example.com', /6-digit code/, 'Which bill?');
    await chat.say('the first one', 'Which line looks wrong?');
    await chat.say('where is AB123457?', 'Which line looks wrong?');
    expect(await chat.heard()).toContain('Order AB123457 is with DHL.');
    await chat.tap('2nd booking', 'Dispute Express delivery (2nd booking)');
    await chat.fillIn({ 'What is wrong with it?': 'Charged twice' }, /I will dispute Express delivery \(2nd booking\)/);
    await chat.say('no', 'nothing was changed');
    await chat.say('dispute a charge', 'Which bill?');
    await chat.tap('€49.70', 'Which line looks wrong?');
    // Whoever would rather write does, and is asked one thing after the other.
    await chat.tap('2nd booking', 'Dispute Express delivery (2nd booking)');
    await chat.say('I do not know this charge', 'Anything to add');
    await chat.say('Only one parcel came', 'Go ahead?');
    await chat.say('actually I was charged twice', 'Go ahead?');
    await chat.reload();
    await chat.say('yes please', /Case D\d+ is open; €9.90 is credited/);
    await chat.tap('5', /./);
  }, 60_000);

  test('用中文查到包裹', async () => {
    await chat.open('zh');
    await chat.say('我的订单到哪了', '请提供您账户的邮箱');
    await chat.say('li.wei@example.com', '6 位验证码');
    await chat.say('000000', '接下来怎么办');
    await chat.tap('再输入一次', '6 位验证码');
    await chat.say(await readCode(mailbox(), 'li.wei@example.com'), '请问是哪个订单');
    await chat.say('AB123456', '没有找到订单 AB123456');
    await chat.reload();
    await chat.say('CN200001', '订单 CN200001 由 顺丰速运 配送');
    await chat.page.getByRole('link', { name: '查看物流' }).waitFor();
  }, 60_000);

  test('用中文退一个杯子，中途改口', async () => {
    await chat.open('zh');
    await chat.say('我想退货', '请提供您账户的邮箱');
    await chat.prove('li.wei@example.com', /6 位验证码/, '请问是哪个订单');
    await chat.say('CN200002', '请问退货原因');
    await chat.tap('商品损坏', '您要退哪些商品');
    await chat.say('第二个', '要退几件');
    await chat.say('我欠多少钱', '要退几件');
    expect(await chat.heard()).toContain('我们继续刚才的事情。');
    await chat.say('1', '请发送损坏处的照片');
    await chat.attach(PHOTO);
    await chat.page.locator('.composer .primary').click();
    await chat.bubbles.filter({ hasText: '退回 1 × 陶瓷杯' }).waitFor();
    await chat.say('不对，是发错商品', /退回 1 × 陶瓷杯/);
    await chat.reload();
    await chat.tap('是', /退货单号 R\d{8}/);
    await chat.page.getByRole('link', { name: '打印面单' }).waitFor();
  }, 60_000);

  test('用中文对一笔费用提出异议', async () => {
    await chat.open('zh');
    await chat.say('账单不对', '请提供您账户的邮箱');
    await chat.prove('li.wei@example.com', /6 位验证码/, '哪一项有问题');
    await chat.say('第二个', '对 增值服务 X9 提出异议');
    await chat.say('CN200001 到哪了', '对 增值服务 X9 提出异议');
    await chat.fillIn(
      { '请问哪里不对？': '不认识这笔费用', '还有要补充给账单同事的吗？': '从来没有用过' },
      '将对 增值服务 X9',
    );
    await chat.say('不对，是金额不对', '将对 增值服务 X9');
    await chat.reload();
    await chat.say('是的', /工单 D\d+ 已建立，裁定前先退还 ¥68.00/);
    await chat.askForHuman('转人工', '正在为您转接人工同事');
  }, 60_000);
});
