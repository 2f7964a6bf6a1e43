import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/**
 * The house and its arrows: a room may import only the rooms to its right. Reads every import, type imports and lazy ones too, because
 * a room that needs a type of another knows that room. Rooms may be refined here; the direction of arrows may not.
 */
const WORDS = [
  'type',
  'errors',
  'message',
  'form',
  'form-kept',
  'event',
  'effect',
  'action',
  'channel',
  'channel-settings',
  'simulator',
  'turn',
  'log',
  'line',
  'markdown',
  'web-address',
  'links',
  'cut',
  'draft',
  'outside-file',
  'built-page',
  'phone-number',
  'time-zone',
];
/** What those may know who build the house. */
const HOUSE = [
  'words',
  'flow',
  'models',
  'conversation',
  'understanding',
  'graph',
  'rehearsal',
  'evaluation',
  'connector',
  'privacy',
  'knowledge',
  'consent',
  'handoff',
  'identity',
  'store',
  'engine',
  'server',
  'deployment',
  'desks',
  'channels',
];
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  words: [],
  flow: ['words'],
  models: ['words'],
  conversation: ['words', 'flow'],
  understanding: ['words', 'models'],
  graph: ['words', 'flow'],
  connector: ['words', 'flow'],
  privacy: ['words'],
  knowledge: ['words', 'store', 'models'],
  consent: ['words'],
  handoff: ['words', 'store', 'privacy'],
  identity: ['words', 'store', 'engine'],
  store: ['words'],
  engine: ['words', 'store', 'privacy'],
  server: ['words', 'store', 'engine'],
  rehearsal: ['words', 'flow', 'conversation'],
  evaluation: ['words', 'flow', 'understanding'],
  deployment: [
    'words',
    'flow',
    'conversation',
    'connector',
    'understanding',
    'handoff',
    'identity',
    'knowledge',
    'models',
    'desks',
    'channels',
  ],
  bot: HOUSE,
  desks: ['words', 'handoff', 'store'],
  playground: ['words', 'engine', 'channels'],
  cli: ['bot', 'playground', ...HOUSE],
  main: ['cli', 'bot', ...HOUSE],
  channels: ['#channel'],
  actions: ['#action'],
  shop: [],
};
/** What channels of one maker share. */
const FAMILIES: Readonly<Record<string, string>> = {
  'channels/wechat': 'channels/tencent',
  'channels/wecom': 'channels/tencent',
  'channels/teams': 'channels/microsoft',
  'channels/directline': 'channels/microsoft',
};
/** Rooms that decide and never do: the only packages they may know, and no clock, chance or machine. */
const PURE: Readonly<Record<string, RegExp>> = {
  flow: /^(yaml|zod|re2js|intl-messageformat|node:crypto)$/,
  conversation: /^(zod|node:crypto)$/,
  understanding: /^(re2js|node:fs)$/ /* its table of words */,
  consent: /^$/,
};
const IMPURE = /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|randomUUID|setTimeout|setInterval|process\.)/;

const IMPORT =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

function roomOf(path: string): string {
  const [top = '', room = '', ...rest] = path.split('/');
  if (top !== 'src') return top;
  if (rest.length === 0) return WORDS.includes(room.replace(/\.ts$/, '')) ? 'words' : 'main';
  return path === 'src/understanding/understanding.ts' ? 'words' : room;
}

function violations(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([file, text]) => {
    const room = roomOf(file);
    const allowed = ARROWS[room];
    if (allowed === undefined)
      return [`${file}: the room "${room}" is not in ARROWS of tests/architecture.test.ts: give it its arrows`];
    const found = importsOf(text).flatMap(({ line, name }) => {
      const target = targetOf(file, name);
      const own =
        target === room && (room !== 'channels' || isOwn(folderOf(file), folderOf(posix.join(file, '..', name))));
      if (own || allowed.includes(target)) return [];
      if (target === 'package')
        return PURE[room]?.test(name) === false ? [`${file}:${line} imports ${name}, but ${room} is pure`] : [];
      return [`${file}:${line} imports ${name}, but ${room} may import only ${allowed.join(', ') || 'itself'}`];
    });
    const impure =
      room in PURE
        ? text
            .split('\n')
            .flatMap((code, at) =>
              IMPURE.exec(code.replace(COMMENT, '')) ? [`${file}:${at + 1} is not pure: ${code.trim()}`] : [],
            )
        : [];
    return [...found, ...impure];
  });
}

const COMMENT = /^\s*(\*|\/\*|\/\/).*|\/\/ .*$/;

function importsOf(text: string): { line: number; name: string; typeOnly: boolean }[] {
  return [...text.matchAll(IMPORT)].map((match) => ({
    line: text.slice(0, match.index + match[0].length).split('\n').length,
    name: match[1] ?? match[2] ?? match[3]!,
    typeOnly: /^\s*(import|export) type\b/.test(match[0]),
  }));
}

/** A room, `#channel`, `#action`, or `package` for Node's modules and npm's. */
function targetOf(file: string, name: string): string {
  if (name.startsWith('#')) return name;
  return name.startsWith('.') ? roomOf(posix.join(file, '..', name)) : 'package';
}

/** Two channels of one platform share a folder that is no channel of its own. */
function isOwn(channel: string, folder: string): boolean {
  return channel === folder || FAMILIES[channel] === folder;
}

function folderOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** Circles of values; types may know each other, they are gone at run time. */
function cycles(files: ReadonlyMap<string, string>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) found.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
    if (done.has(file) || trail.includes(file)) return;
    for (const { name, typeOnly } of importsOf(files.get(file) ?? '')) {
      if (!typeOnly && name.startsWith('.')) visit(posix.join(file, '..', name), [...trail, file]);
    }
    done.add(file);
  };
  for (const file of files.keys()) visit(file, []);
  return found;
}

const root = join(import.meta.dirname, '..');
const house = new Map(
  globSync(['src/**/*.{ts,tsx}', 'channels/**/*.{ts,tsx}', 'shop/**/*.ts', 'actions/**/*.ts'], { cwd: root })
    .filter((file) => !file.includes('node_modules'))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
);

describe('the arrows of the house', () => {
  test('are kept by every import', () => {
    expect(house.size).toBeGreaterThan(10);
    expect(violations(house)).toEqual([]);
  });

  test('make no circle', () => {
    expect(cycles(house)).toEqual([]);
  });

  test.each([
    [
      'src/flow/run.ts',
      "import { open } from '../store/sqlite.ts';",
      'src/flow/run.ts:1 imports ../store/sqlite.ts, but flow may import only words',
    ],
    [
      'src/flow/run.ts',
      "import { DatabaseSync } from 'node:sqlite';",
      'src/flow/run.ts:1 imports node:sqlite, but flow is pure',
    ],
    [
      'src/conversation/turn.ts',
      '\nconst at = Date.now();',
      'src/conversation/turn.ts:2 is not pure: const at = Date.now();',
    ],
    [
      'src/engine/work.ts',
      "export type {\n  Flow,\n} from '../flow/program.ts';",
      'src/engine/work.ts:3 imports ../flow/program.ts, but engine may import only words, store, privacy',
    ],
    [
      'src/server/door.ts',
      "const { run } = await import('../cli/start.ts');",
      'src/server/door.ts:1 imports ../cli/start.ts, but server may import only words, store, engine',
    ],
    [
      'channels/sms/sms.ts',
      "import type { Event } from '../../src/event.ts';",
      'channels/sms/sms.ts:1 imports ../../src/event.ts, but channels may import only #channel',
    ],
    [
      'channels/sms/sms.ts',
      "import { web } from '../web/web.ts';",
      'channels/sms/sms.ts:1 imports ../web/web.ts, but channels may import only #channel',
    ],
    [
      'shop/shop.ts',
      "import '../src/errors.ts';",
      'shop/shop.ts:1 imports ../src/errors.ts, but shop may import only itself',
    ],
    [
      'src/attic/x.ts',
      '',
      'src/attic/x.ts: the room "attic" is not in ARROWS of tests/architecture.test.ts: give it its arrows',
    ],
  ])('a broken arrow in %s is named', (file, text, told) => {
    expect(violations(new Map([[file, text]]))).toEqual([told]);
  });

  test('a circle is named', () => {
    const files = new Map([
      ['src/a.ts', "import './b.ts';"],
      ['src/b.ts', "import './a.ts';"],
    ]);
    expect(cycles(files)).toEqual(['src/a.ts → src/b.ts → src/a.ts']);
  });
});
