import { afterEach, describe, expect, test } from '@jest/globals';
import { endAll } from './process.ts';
import { TerminalChat } from './terminal.ts';

afterEach(endAll);

describe('in the terminal', () => {
  test('where a parcel is', async () => {
    const chat = await TerminalChat.open('en');
    await chat.says('where is my order?', 'Which email');
    await chat.proves('anna.schmidt@example.com', '6-digit code', 'Which order is it?');
    await chat.says('CN200001', 'I cannot find CN200001 on your account.');
    await chat.says('AB123457', 'Order AB123457 is with DHL.');
    await chat.reads('Track parcel: http');
    expect(await chat.quits()).toBe(0);
  }, 40_000);

  test('a return, with answers picked by number and a change of mind', async () => {
    const chat = await TerminalChat.open('en');
    await chat.picks('Return something', 'Which email');
    await chat.proves('anna.schmidt@example.com', '6-digit code', 'Which order is it?');
    await chat.says('AB123456', 'What is wrong with it?');
    await chat.picks('Wrong item', 'Which articles');
    await chat.says('the kettle and 2 mugs', 'You return 1 × Steel kettle and 2 × Stoneware mug');
    await chat.says('what do I owe?', 'You owe');
    await chat.reads('You return');
    await chat.says('actually only the kettle', 'You return 1 × Steel kettle and get');
    expect(await chat.picks('Yes', 'Done. Return')).toMatch(/R\d{8}/);
    await chat.reads('Label: http');
    expect(await chat.quits()).toBe(0);
  }, 40_000);

  test('a charge that is wrong', async () => {
    const chat = await TerminalChat.open('en');
    await chat.says('I was charged twice', 'Which email');
    await chat.proves('anna.schmidt@example.com', '6-digit code', 'Which bill?');
    await chat.says('the first one', 'Which line looks wrong?');
    await chat.picks('2nd booking', 'What is wrong with it?');
    await chat.picks('Charged twice', 'Anything to add');
    await chat.says('skip', 'I will dispute');
    expect(await chat.says('yes', 'Case')).toMatch(/D\d+ is open/);
    await chat.picks('5', 'bot');
    expect(await chat.quits()).toBe(0);
  }, 40_000);

  test('包裹到哪了', async () => {
    const chat = await TerminalChat.open('zh');
    await chat.says('CN200001 到哪了', '请提供您账户的邮箱');
    await chat.proves('li.wei@example.com', '6 位验证码', '订单 CN200001 由 顺丰速运 配送');
    expect(await chat.quits()).toBe(0);
  }, 40_000);

  test('退货', async () => {
    const chat = await TerminalChat.open('zh');
    await chat.says('我想退货', '请提供您账户的邮箱');
    await chat.proves('li.wei@example.com', '6 位验证码', '请问是哪个订单');
    await chat.says('CN200002', '请问退货原因');
    await chat.picks('发错商品', '您要退哪些商品');
    await chat.says('第二个', '要退几件');
    await chat.says('两件', '退回 2 × 陶瓷杯');
    expect(await chat.says('是的', '已受理')).toMatch(/R\d{8}/);
    expect(await chat.quits()).toBe(0);
  }, 40_000);

  test('账单有误', async () => {
    const chat = await TerminalChat.open('zh');
    await chat.says('账单不对', '请提供您账户的邮箱');
    await chat.proves('li.wei@example.com', '6 位验证码', '哪一项有问题');
    await chat.says('第二个', '请问哪里不对');
    await chat.picks('不认识这笔费用', '还有要补充');
    await chat.says('跳过', '将对 增值服务 X9');
    expect(await chat.says('是', '工单')).toMatch(/D\d+ 已建立/);
    expect(await chat.quits()).toBe(0);
  }, 40_000);
});
