import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { check } from '../../../channels/teams/check.ts';
import { openSimulator, type Simulator } from '../../../channels/teams/simulator.ts';
import { accountAt } from './account.ts';

let teams: Simulator;
beforeEach(async () => {
  teams = await openSimulator();
});
afterEach(() => teams.close());

const look = (given: object = {}, environment: Record<string, string> = {}) =>
  check({ settings: accountAt(teams, given, environment), signal: AbortSignal.timeout(5_000) });

describe('a look at a Teams account', () => {
  test('tells that the secret is taken, and that the keys can be had', async () => {
    expect(await look()).toMatchObject([
      { ok: true, what: expect.stringContaining('takes the client secret') },
      { ok: true, what: expect.stringContaining('the keys') },
    ]);
  });

  test('says what to do about a secret that is not taken', async () => {
    expect((await look({}, { TEAMS_APP_PASSWORD: 'of-another-app' }))[0]).toMatchObject({
      ok: false,
      hint: expect.stringContaining('Has the secret run out?'),
    });
  });

  test('says that no call can be believed where the keys are out of reach', async () => {
    expect((await look({ openid: 'http://127.0.0.1:1/openid' }))[1]).toMatchObject({
      ok: false,
      what: expect.stringContaining('127.0.0.1:1'),
    });
  });
});
