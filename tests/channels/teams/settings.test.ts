import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../channels/teams/settings.ts';
import { APP_ID, account, PASSWORD, reference, TENANT } from './account.ts';

const codeOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return 'taken';
};

describe('a Teams account', () => {
  test('takes its password from the environment, and the public cloud for granted', () => {
    const { serviceHosts, fileHosts, ...settings } = account();
    expect(settings).toEqual({
      appId: APP_ID,
      passwords: [PASSWORD],
      serviceUrl: 'https://smba.trafficmanager.net/teams/',
      openid: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
      loginRoot: 'https://login.microsoftonline.com',
      issuer: 'https://api.botframework.com',
      scope: 'https://api.botframework.com/.default',
      loginTenant: 'botframework.com',
      uploads: true,
      outsideHosts: [],
    });
    expect(serviceHosts).toContain('smba.trafficmanager.net');
    expect(fileHosts).toContain('*.sharepoint.com');
  });

  test('may have two passwords while one is replaced, and one tenant', () => {
    const given = { app_password: [reference('TEAMS_APP_PASSWORD'), reference('NEXT')], tenant: TENANT.toUpperCase() };
    expect(account(given, { NEXT: 'next' })).toMatchObject({ passwords: [PASSWORD, 'next'], tenant: TENANT });
  });

  test('does not open without its secret, and says which variable is missing', () => {
    const raw = { kind: 'teams', app_id: APP_ID, app_password: reference('SHOP_SECRET') };
    expect(codeOf(() => readSettings(raw, {}))).toBe(
      'channel.missing_secret: The environment variable SHOP_SECRET is not set.',
    );
    expect(codeOf(() => account({ app_id: reference('NO_ID') }))).toMatch(/^channel.missing_secret: .*NO_ID/);
  });

  test.each([
    ['a password in plain sight', { app_password: PASSWORD }],
    ['an App ID that is none', { app_id: 'my-bot' }],
    ['a tenant that is none', { tenant: 'contoso.com' }],
    ['a setting nobody knows', { app_pasword: 'x' }],
    ['a connector that is not encrypted', { service_url: 'http://smba.trafficmanager.net/teams/' }],
    ['a connector of another host', { service_url: 'https://evil.example/' }],
    ['a host that is an address', { service_hosts: ['https://smba.trafficmanager.net/'] }],
    ['a cloud that is none', { cloud: 'mars' }],
    ['no hosts at all', { service_hosts: [] }],
    ['a login with a path', { login_root: 'https://login.example/path' }],
    ['keys that are no web address', { openid: 'file:///etc' }],
  ])('with %s is refused, and nothing secret is told', (_, given) => {
    const told = codeOf(() => account(given));
    expect(told).toMatch(/^teams.invalid_settings: /);
    expect(told).not.toContain(PASSWORD);
  });
});
