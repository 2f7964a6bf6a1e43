import { expect, test } from '@jest/globals';
import { entrance } from '../../../channels/wecom/entrance.ts';
import { account } from './account.ts';

test('the customer service’s own link brings the code along', () => {
  const link = 'https://work.weixin.qq.com/kf/kfcbf8f8d07ac7215f?enc_scene=ENCGFSDF567DF';
  expect(entrance(account({ link }), 'K7QM-2XWD')).toEqual({ url: `${link}&scene_param=K7QM-2XWD` });
});

test('without a link she has the code to type', () => {
  expect(entrance(account(), 'K7QM-2XWD')).toEqual({});
});
