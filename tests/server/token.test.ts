import { describe, expect, test } from '@jest/globals';
import { bearerOf, heldBy, isToken, newToken, raisedToken } from '../../src/server/token.ts';

const bearer = (authorization: string) => bearerOf(new Headers({ authorization }));

describe('a bearer token', () => {
  test('is what the header says, in the shape that we give out', () => {
    for (const token of [newToken(), newToken('cus_1')]) {
      expect(bearer(`Bearer ${token}`)).toBe(token);
      expect(bearer(`bearer  ${token}`)).toBe(token);
    }
    expect(bearerOf(new Headers())).toBeUndefined();
  });

  test.each([
    ['of another scheme', `Basic ${newToken()}`],
    ['that is empty', 'Bearer'],
    ['that is too short', `Bearer ${newToken().slice(1)}`],
    ['that is too long', `Bearer ${newToken()}A`],
    ['with half a tag', `Bearer ${newToken('cus_1').slice(0, -1)}`],
    ['with other signs', `Bearer ${newToken().slice(1)}/`],
    ['and another', `Bearer ${newToken()} ${newToken()}`],
  ])('%s is refused at the door', (_, authorization) => {
    expect(() => bearer(authorization)).toThrow(expect.objectContaining({ code: 'chat.unknown_token', status: 401 }));
  });
});

test('a token is never given out twice, and tells whom it was given', () => {
  const token = newToken('cus_1');
  expect(newToken('cus_1')).not.toBe(token);
  expect([heldBy(token, 'cus_1'), heldBy(token, 'cus_2'), heldBy(newToken(), 'cus_1')]).toEqual([
    'same',
    'other',
    'nobody',
  ]);
});

test('a token that is raised is the same for the same proof, and another for every other', () => {
  const before = newToken();
  const raised = raisedToken(before, 'jwt', 'cus_1');
  expect(raisedToken(before, 'jwt', 'cus_1')).toBe(raised);
  const others = [raisedToken(newToken(), 'jwt', 'cus_1'), raisedToken(before, 'jwt2', 'cus_1'), before];
  for (const other of others) expect(other.slice(0, 43)).not.toBe(raised.slice(0, 43));
  expect([isToken(raised), heldBy(raised, 'cus_1')]).toEqual([true, 'same']);
});
