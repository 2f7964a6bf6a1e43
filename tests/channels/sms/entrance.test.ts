import { expect, test } from '@jest/globals';
import { entrance } from '../../../channels/sms/entrance.ts';
import { account } from './account.ts';

test('the way to SMS is its number, and a message to it with the code in it', () => {
  expect(entrance(account(), 'K7Q2-9FXM')).toEqual({ at: '+15550001111', url: 'sms:+15550001111?body=K7Q2-9FXM' });
});

test('there is none to a pool of numbers, which she cannot write to first', () => {
  const pool = account({ from: undefined, messaging_service: `MG${'1'.repeat(32)}` });
  expect(entrance(pool, 'K7Q2-9FXM')).toEqual({});
});
