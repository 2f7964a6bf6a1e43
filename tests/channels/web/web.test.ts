import { describe, expect, test } from '@jest/globals';
import { plan, TEXT_LIMIT } from '../../../channels/web/plan.ts';
import web from '../../../channels/web/web.ts';
import type { ChatSettings } from '../../../src/server/settings.ts';

const SECRET = 'x'.repeat(32);
const read = (more: object, environment: Record<string, string> = {}): ChatSettings =>
  web.settings({ kind: 'web', ...more }, environment);
const codeOf = (attempt: () => unknown): unknown => {
  try {
    attempt();
    return 'taken';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('the settings of a web account', () => {
  test('may be none at all', () => {
    expect(read({})).toEqual({
      origins: [],
      limits: {
        visitor: { burst: 20, perMinute: 60 },
        network: { burst: 600, perMinute: 3000 },
        sessions: { burst: 30, perMinute: 60 },
      },
      proxies: 0,
      files: { size: 10 * 1024 * 1024, total: 50 * 1024 * 1024 },
    });
  });

  test('name sites, limits and the one who vouches for visitors', () => {
    const settings = read(
      {
        origins: ['https://shop.example', 'http://localhost:8080'],
        identity: { secret: '$' + '{MY_SECRET}', issuer: 'shop', audience: 'parley' },
        limits: { visitor: { burst: 5 } },
        proxies: 1,
      },
      { MY_SECRET: SECRET },
    );
    expect(settings.identity).toEqual({ keys: { kind: 'secret', secret: SECRET }, issuer: 'shop', audience: 'parley' });
    expect(settings.limits.visitor).toEqual({ burst: 5, perMinute: 60 });
    expect(read({ identity: { jwks_url: 'https://shop.example/jwks.json' } }).identity?.keys.kind).toBe('jwks_url');
  });

  test.each([
    ['a site with a path', { origins: ['https://shop.example/chat'] }, 'web.invalid_settings'],
    ['a wildcard', { origins: ['*'] }, 'web.invalid_settings'],
    ['an unknown word', { orgins: [] }, 'web.invalid_settings'],
    ['a secret in plain sight', { identity: { secret: SECRET } }, 'web.invalid_settings'],
    ['a secret that is not set', { identity: { secret: '$' + '{NOT_THERE}' } }, 'web.missing_secret'],
    ['a short secret', { identity: { secret: '$' + '{SHORT}' } }, 'web.weak_secret'],
    [
      'two sources of keys',
      { identity: { jwks_url: 'https://a.example', jwks: { keys: [{ kty: 'EC' }] } } },
      'web.invalid_settings',
    ],
    ['no source of keys', { identity: { issuer: 'shop' } }, 'web.invalid_settings'],
    ['keys over an open line', { identity: { jwks_url: 'http://shop.example/jwks.json' } }, 'web.invalid_settings'],
    ['files larger than the door', { files: { megabytes: 11 } }, 'web.invalid_settings'],
  ])('are refused with %s', (_what, given, code) => {
    expect(codeOf(() => read(given, { SHORT: 'short' }))).toBe(code);
  });
});

describe('what the bot says on the web', () => {
  test('is one part a message, with everything it has', () => {
    const message = { text: 'Which?', choices: [{ token: 'a', label: 'A' }], card: { title: 'Lamp' } };
    expect(plan([message, { text: 'Bye' }])).toEqual([message, { text: 'Bye' }]);
  });

  test.each([
    ['sentences', 'This is a sentence. '],
    ['Chinese sentences', '这是一个句子。'],
    ['words', 'word '],
    ['emoji', '😀'],
    ['lines', 'one line\n'],
  ])('is split at borders of %s, loses nothing, and keeps its choices at the end', (_what, unit) => {
    const text = unit.repeat(Math.ceil((TEXT_LIMIT * 2.5) / unit.length));
    const parts = plan([{ text, choices: [{ token: 'a', label: 'A' }] }]);
    const texts = parts.map((part) => String(part.text));
    expect(texts.every((piece) => piece.length <= TEXT_LIMIT && piece.isWellFormed())).toBe(true);
    expect(texts.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    for (const piece of texts) expect(piece.trim().endsWith(unit.trim()) && piece.startsWith(unit.trim())).toBe(true);
    expect(parts.map((part) => part.choices !== undefined)).toEqual([...texts.slice(1).map(() => false), true]);
  });
});
