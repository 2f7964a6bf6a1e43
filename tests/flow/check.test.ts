import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CODES } from '../../src/flow/reading/codes.ts';
import { showProblem } from '../../src/flow/reading/problem.ts';
import { compile, problemsOf, type Setting } from '../support/flows.ts';

const connectors = `
connectors:
  orders:
    find: {effect: read, in: {number: string}, out: Order?, errors: [hidden]}
    cancel: {effect: write, in: {number: string, reason: string}, out: {ok: boolean}}
types:
  Order: {id: string, status: "enum(new,sent)", total: money, eta: date?, lines: list<Line>}
  Line: {sku: string, qty: integer}
`;

const button = { name: 'sms', can: { choices: { max: 3, label: 10 } } } as unknown as NonNullable<
  Setting['channels']
>[number];

const inBytes = { name: 'wecom', can: { choices: { max: 3, label: 8, unit: 'bytes' } } } as unknown as typeof button;

const HEAD = 'flow: f\ntriggers: {examples: {en: [f]}}\n';
const SLOTS = 'slots: {n: string, kind: "enum(new,old)", c: integer}\n';
/** Where all slots are set first. */
const filled = (text: string) =>
  `${HEAD}${SLOTS}steps:\n  - collect: n\n    ask: N?\n  - collect: kind\n    ask: Kind?\n  - collect: c\n    ask: C?\n  - say: "{n}{kind}{c}"\n${text}\n`;
const found = (text: string) => filled(`  - action: orders.find\n    with: {number: =n}\n    as: order\n${text}`);

/** The code, a flow with `‸` before the place that is told, and what the hint says. */
const names = Array.from({ length: 26 }, (_, index) => `n${index}`);
const MISTAKES: readonly (readonly [string, string, RegExp, Setting?])[] = [
  // YAML
  ['yaml.syntax', `${HEAD}steps:\n  - say: "open‸`, /Close|quotes/],
  ['yaml.tab', `${HEAD}steps:\n‸\t- say: Hi`, /spaces/],
  ['yaml.duplicate_key', `${HEAD}steps:\n  - say: Hi\n‸steps:\n  - say: Ho`, /one of the two/],
  [
    'yaml.aliases',
    `‸a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]`,
    /sub-flow/,
  ],
  ['yaml.tag', `${HEAD}steps:\n  - say: ‸!secret Hi`, /tag/],
  ['yaml.too_large', `‸# ${'x'.repeat(1 << 20)}`, /several files/],
  ['yaml.unquoted_brace', `${HEAD}steps:\n  - say: {n}‸，您好`, /double quotes/],
  // The file
  ['flow.empty', '‸# nothing', /Begin with/],
  ['flow.missing_key', '‸flow: f', /Add `steps:`/],
  ['flow.invalid_value', `${HEAD}on_update: ‸wait\nsteps: [end: resolved]`, /^$/],
  ['flow.unknown_key', `${HEAD}‸slot: {a: string}\nsteps: [end: resolved]`, /`slots`/],
  ['flow.unknown_key', filled('  - say: {en: Hi, ‸buttonss: [{title: A, human: true}]}'), /`buttons`/],
  ['flow.unknown_pattern', `${HEAD}steps: [end: resolved]\non:\n  ‸cancle: [end: abandoned]`, /`cancel`/],
  ['flow.type', `${HEAD}slots: {a: ‸strin}\nsteps:\n  - collect: a\n    ask: A?`, /"string"/],
  [
    'action.secret_retry',
    `${HEAD}slots: {code: {type: string, sensitive: secret}}\nsteps:\n  - collect: code\n    ask: Code?\n  - action: orders.find\n    with: {number: =code}\n    on_error: {retry: ‸{times: 2, every: 1m}}`,
    /ask for it again/,
    { connectors },
  ],
  ['flow.schedule', `flow: f\ntriggers: {schedule: ‸at nine}\nguard: true\nsteps: [end: resolved]`, /weekday/],
  ['flow.schedule', `flow: f\ntriggers: {schedule: ‸"0 25 * * *"}\nguard: true\nsteps: [end: resolved]`, /weekday/],
  ['flow.schedule', `flow: f\ntriggers: {schedule: ‸"0 9 31 2 *"}\nguard: true\nsteps: [end: resolved]`, /weekday/],
  ['flow.schedule_for_all', `flow: f\ntriggers: {schedule: ‸"0 9 * * 1"}\nsteps: [end: resolved]`, /guard: true/],
  [
    'flow.needs_input',
    `flow: f\ntriggers: {schedule: "0 9 * * 1"}\nguard: true\ninputs: {n: ‸string}\nsteps: [say: "{n}"]`,
    /look it up/,
  ],
  [
    'flow.example_locale',
    `flow: f\ntriggers: {examples: {en: [f], fr: ‸[f]}}\nsteps: [end: resolved]`,
    /languages are en/,
  ],
  ['flow.no_examples', `flow: ‸f\nsteps: [end: resolved]`, /callable_only/],
  ['flow.needs_input', `${HEAD}inputs: {n: ‸string}\nsteps: [say: "{n}"]`, /callable_only/],
  [
    'flow.no_human',
    `flow: ‸f\ntriggers: {examples: {en: [f]}}\nsteps: [end: resolved]`,
    /handoff/,
    { repair: { handoff: undefined } },
  ],
  [
    'flow.remember',
    `${HEAD}remember: ‸a\nslots: {a: {type: string, sensitive: pii}}\nsteps:\n  - collect: a\n    ask: A?`,
    /looked up by/,
  ],
  ['flow.policy', `${HEAD}policy: {max: ‸=1 + 1}\nsteps: [say: "{max}"]`, /^$/],
  [
    'flow.name_clash',
    `${HEAD}slots: {a: string}\npolicy: {‸a: 1}\nsteps:\n  - collect: a\n    ask: A?`,
    /another name/,
  ],
  ['flow.name_clash', `${HEAD}slots: {‸session: string}\nsteps:\n  - collect: session\n    ask: A?`, /another name/],
  ['flow.name_clash', filled('  - action: orders.find\n    with: {number: =n}\n    ‸as: n'), /another name/],
  ['flow.unused_slot', `${HEAD}slots: {a: ‸string}\nsteps: [end: resolved]`, /collect/],
  ['flow.unused_policy', `${HEAD}policy: {a: ‸1}\nsteps: [end: resolved]`, /^$/],
  // Steps
  ['flow.not_a_step', filled('  - ‸hello'), /say: Hello/],
  ['flow.unknown_step', filled('  - ‸sya: Hello'), /`say`/],
  ['flow.unknown_step', filled('  - ‸dance: true'), /The steps are/],
  ['flow.two_steps', filled('  - say: Hi\n    ‸end: resolved'), /dash/],
  ['flow.duplicate_id', filled('  - {id: a, say: Hi}\n  - {‸id: a, say: Ho}'), /own/],
  ['flow.unknown_key', filled('  - collect: n\n    ask: N?\n    ‸retrys: 3'), /`retries`/],
  ['flow.unreachable_step', filled('  - end: resolved\n  - ‸say: Hi'), /Remove/],
  ['flow.unknown_target', filled('  - id: here\n    say: Hi\n  - next: ‸hree'), /`here`/],
  ['flow.unbounded_loop', filled('  - id: here\n    say: Hi\n  - next: ‸here'), /max: 3/],
  ['flow.unknown_outcome', filled('  - end: ‸resloved'), /`resolved`/],
  ['flow.unknown_slot', filled('  - collect: ‸kin\n    ask: Kind?'), /`kind`|Declare/],
  ['flow.unknown_slot', filled('  - set: {‸kidn: new}'), /`kind`/],
  ['flow.no_choices', `${HEAD}slots: {o: Order}\nsteps:\n  - collect: ‸o\n    ask: O?`, /choices_from/],
  ['flow.unknown_key', filled('  - collect: n\n    ask: N?\n    ‸fom: Both'), /`form`/],
  ['flow.form_alone', filled('  - collect: n\n    form: ‸Both\n    ask: N?\n  - say: Hi'), /right after it/],
  [
    'flow.form_depends',
    filled('  - collect: n\n    form: Both\n    ask: N?\n  - collect: ‸kind\n    ask: Kind?\n    when: n == "x"'),
    /`form: false`/,
  ],
  [
    'flow.form_depends',
    filled('  - collect: n\n    form: Both\n    ask: N?\n  - collect: ‸kind\n    ask: "{n}?"'),
    /`form: false`/,
  ],
  [
    'flow.form_file',
    `${HEAD}slots: {p: file, n: string}\nsteps:\n  - collect: p\n    form: ‸Both\n    ask: P?\n  - collect: n\n    ask: N?`,
    /next question/,
  ],
  [
    'flow.form_too_long',
    `${HEAD}slots: {${names.map((name) => `${name}: string`)}}\nsteps:\n${names
      .map((name, index) => `  - collect: ${name}\n    ask: A?${index === 0 ? '\n    form: ‸All' : ''}`)
      .join('\n')}`,
    /another form/,
  ],
  ['flow.choices_missing', filled('  - collect: kind\n    ask: Kind?\n    choices: ‸{new: New}'), /^$/],
  [
    'flow.no_way_out',
    `${HEAD}slots: {a: string}\nsteps:\n  - ‸collect: a\n    ask: A?`,
    /on_fail/,
    { repair: { cannot_handle: undefined } },
  ],
  ['flow.missing_key', filled('  - ‸collect: n'), /Add `ask:`/],
  ['flow.missing_key', filled('  - wait: ‸{event: parcel}\n    on_timeout: [end: expired]'), /Add `timeout:`/],
  ['flow.button', filled('  - say: {en: Hi, buttons: [‸{title: A}]}'), /human/],
  ['flow.missing_key', filled('  - say: {en: Hi, buttons: [‸{human: true}]}'), /title/],
  ['flow.unknown_flow', filled('  - say: {en: Hi, buttons: [{title: A, start: ‸ff}]}'), /`f`/],
  ['flow.unknown_flow', filled('  - call: ‸fff'), /^$|`f`/],
  ['flow.unknown_flow', filled('  - link: ‸ff'), /`f`/],
  [
    'flow.unknown_output',
    `flow: f\ncallable_only: true\noutputs: {id: string}\nsteps: [return: {id: x, ‸ids: y}]`,
    /`id`/,
  ],
  ['flow.missing_output', `flow: f\ncallable_only: true\noutputs: {id: string}\nsteps: [return: ‸{}]`, /^$/],
  ['flow.missing_return', `flow: f\ncallable_only: true\noutputs: {id: string}\nsteps: ‸[say: Hi]`, /return/],
  ['flow.not_exhaustive', filled('  - switch: ‸kind\n    cases: {new: [say: New]}'), /else/],
  ['flow.not_exhaustive', filled('  - switch: ‸n\n    cases: {a: [say: A]}'), /else/],
  ['flow.type', filled('  - set: {c: ‸many}'), /^$/],
  ['flow.type', filled('  - set: {c: =‸n}'), /^$/],
  ['flow.invalid_value', filled('  - experiment: e\n    arms: ‸{a: 0, b: 0}'), /^$/],
  ['flow.unknown_key', filled('  - experiment: e\n    arms: {a: 1}\n    ‸b: [say: B]'), /arms/],
  // Expressions
  ['expression.syntax', filled('  - if: n ==‸\n    then: [say: Hi]'), /^/],
  ['expression.unknown_name', filled('  - if: ‸m == "a"\n    then: [say: Hi]'), /"n"|"c"|^$/],
  ['expression.unknown_field', found('  - if: order != null && order.‸stauts == "new"\n    then: [say: Hi]'), /status/],
  ['expression.type', filled('  - if: ‸c == n\n    then: [say: Hi]'), /^/],
  ['expression.enum', filled('  - if: kind == ‸"odl"\n    then: [say: Hi]'), /old/],
  ['expression.enum', filled('  - switch: kind\n    cases: {new: [say: A], old: [say: B], ‸nwe: [say: C]}'), /`new`/],
  [
    'expression.enum',
    filled('  - collect: kind\n    ask: Kind?\n    choices: {new: New, old: Old, ‸oldd: X}'),
    /`old`/,
  ],
  ['expression.enum', filled('  - set: {kind: ‸odl}'), /`old`/],
  [
    'expression.maybe_unset',
    `${HEAD}slots: {c: integer}\nsteps:\n  - if: ‸c > 3\n    then: [say: Hi]\n  - collect: c\n    ask: C?`,
    /null/,
  ],
  ['expression.maybe_unset', found('  - if: ‸order.status == "new"\n    then: [say: Hi]'), /null/],
  [
    'expression.maybe_unset',
    `flow: f\ntriggers: {examples: {en: [f]}}\nguard: ‸n.size() > 1\nslots: {n: string}\nsteps:\n  - collect: n\n    ask: N?`,
    /null/,
  ],
  ['expression.pattern', `${HEAD}slots: {a: {type: string, pattern: ‸"(["}}\nsteps:\n  - collect: a\n    ask: A?`, /^/],
  // Messages
  ['message.syntax', filled('  - say: "Hello ‸{n"'), /^/],
  ['message.unknown_name', filled('  - say: "Hello ‸{nn}"'), /"n"|^$/],
  ['message.unknown_field', found('  - if: order != null\n    then: [say: ‸"{order.totl}"]'), /total/],
  ['message.maybe_unset', found('  - say: ‸"{order.total}"'), /null/],
  ['message.type', found('  - if: order != null\n    then: [say: ‸"{order}"]'), /order\.id/],
  ['message.missing_other', filled('  - say: "{c, plural, one {# thing}‸}"'), /^/],
  ['message.unknown_case', filled('  - say: ‸"{c, plural, oen {# thing} other {# things}}"'), /one/],
  ['message.missing_locale', `${HEAD}steps: [say: ‸{en: Hi}]`, /zh/, { locales: ['en', 'zh'] }],
  ['message.missing_locale', `${HEAD}steps: [say: ‸Hi there]`, /zh/, { locales: ['en', 'zh'] }],
  [
    'message.label_too_long',
    filled('  - collect: kind\n    ask: Kind?\n    choices: {new: ‸Entirely new, old: Old}'),
    /Shorten/,
    { channels: [button] },
  ],
  [
    'message.label_too_long',
    filled('  - collect: kind\n    ask: Kind?\n    choices: {new: ‸全新的, old: 旧}'),
    /three bytes/,
    { channels: [inBytes] },
  ],
  [
    'message.label_too_long',
    filled('  - say: {en: Hi, buttons: [{title: ‸A human being, human: true}]}'),
    /Shorten/,
    { channels: [button] },
  ],
  // Actions
  [
    'answer.unknown_set',
    filled('  - answer: {query: Why?, from: [‸biling], on_none: continue}'),
    /`billing`/,
    { knowledge: ['billing'] },
  ],
  [
    'llm.secret',
    `${HEAD}slots: {n: {type: string, sensitive: secret}}\nsteps:\n  - collect: n\n    ask: N?\n  - llm: {task: classify, input: [‸n], out: {k: string}, on_fail: {k: x}}\n`,
    /Leave it out/,
  ],
  ['llm.type', filled('  - llm: {task: extract, input: [n], out: {f: ‸file}, on_fail: [say: No.]}'), /words|choices/],
  ['action.unknown', filled('  - action: ‸orders.fnd\n    with: {number: =n}'), /orders\.find/],
  ['action.unknown_argument', filled('  - action: orders.find\n    with: {number: =n, ‸numbr: =n}'), /`number`/],
  ['action.missing_argument', filled('  - action: ‸orders.find'), /number/],
  [
    'action.unknown_error',
    filled('  - action: orders.find\n    with: {number: =n}\n    on_error: {cases: {‸hiden: [end: resolved]}}'),
    /`hidden`/,
  ],
  [
    'action.check',
    filled(
      '  - action: orders.cancel\n    with: {number: =n, reason: =n}\n    consent: implied\n    check: ‸orders.fnd',
    ),
    /orders\.find/,
  ],
  [
    'action.check',
    filled(
      '  - action: orders.cancel\n    with: {number: =n, reason: =n}\n    consent: implied\n    check: ‸orders.find',
    ),
    /as the write would have/,
  ],
  ['action.needs_consent', filled('  - action: ‸orders.cancel\n    with: {number: =n, reason: =n}'), /confirmed_by/],
  [
    'action.unknown_confirm',
    filled(
      '  - confirm: go\n    ask: Go?\n    binds: [n]\n  - action: orders.cancel\n    with: {number: =n, reason: =n}\n    confirmed_by: ‸goo',
    ),
    /`go`/,
  ],
  [
    'action.unconfirmed',
    filled(
      '  - confirm: go\n    ask: Go?\n    binds: [n]\n  - action: orders.cancel\n    with: {number: =n, reason: =n}\n    confirmed_by: ‸go',
    ),
    /no:/,
  ],
  [
    'action.unconfirmed',
    filled(
      '  - confirm: go\n    ask: Go?\n    binds: [n]\n    no: [end: declined]\n  - set: {n: other}\n  - action: orders.cancel\n    with: {number: =n, reason: =n}\n    confirmed_by: ‸go',
    ),
    /bound value/,
  ],
  [
    'action.unbound',
    filled(
      '  - confirm: go\n    ask: Go?\n    binds: [n]\n    no: [end: declined]\n  - action: orders.cancel\n    with: {number: =n, reason: ‸=kind}\n    confirmed_by: go',
    ),
    /`binds:` of `go`/,
  ],
];

function marked(text: string): { text: string; at: string } {
  const before = text.slice(0, text.indexOf('‸')).split('\n');
  return { text: text.replace('‸', ''), at: `${before.length}:${(before.at(-1)?.length ?? 0) + 1}` };
}

describe('a mistake is told once, at its place, with what to do', () => {
  test.each(MISTAKES.map((mistake, index) => [`${mistake[0]} (${index})`, mistake] as const))(
    '%s',
    (_, [code, source, hint, setting]) => {
      const { text, at } = marked(source);
      const told = problemsOf(text, { connectors, ...setting });
      expect(told.map((problem) => `${problem.line}:${problem.col} ${problem.code}`)).toEqual([`${at} ${code}`]);
      expect(told[0]?.hint ?? '').toMatch(hint);
      expect(told[0]?.message).not.toMatch(/undefined|\[object|NaN/);
    },
  );

  test('two files with one flow', () => {
    const text = `${HEAD}steps: [end: resolved]`;
    expect(problemsOf([text, text]).map(({ file, code }) => `${file} ${code}`)).toEqual(['1.yaml flow.duplicate_flow']);
  });

  test.each([
    ['flow.missing_input', '  - call: ‸sub', /with/],
    ['flow.unknown_input', '  - call: sub\n    with: {id: a, ‸idd: b}', /`id`/],
    ['flow.type', '  - call: sub\n    with: {id: ‸[1]}', /^$/],
    ['flow.unknown_flow', '  - say: {en: Hi, buttons: [{title: A, start: ‸sub}]}', /^/],
  ])('between flows: %s', (code, source, hint) => {
    const { text, at } = marked(filled(source));
    const sub = 'flow: sub\ncallable_only: true\ninputs: {id: string}\nsteps: [say: "{id}"]';
    const told = problemsOf([text, sub]);
    expect(told.map((problem) => `${problem.file}:${problem.line}:${problem.col} ${problem.code}`)).toEqual([
      `0.yaml:${at} ${code}`,
    ]);
    expect(told[0]?.hint ?? '').toMatch(hint);
  });
});

test('all mistakes of a file are told at once, in order', () => {
  const told = problemsOf(filled('  - sya: Hi\n  - say: "{nn}"\n  - end: resloved\n  - say: "{c, plural, one {#}}"'), {
    connectors,
  });
  expect(told.map(({ code }) => code)).toEqual([
    'flow.unknown_step',
    'message.unknown_name',
    'flow.unknown_outcome',
    'flow.unreachable_step',
    'message.missing_other',
  ]);
});

describe('one mistake does not drag others behind it', () => {
  test.each([
    [
      'an unknown action and what its result is used for',
      found('  - if: order.status == "new"\n    then: [say: "{order.total}"]').replace('orders.find', 'orders.fnd'),
      ['action.unknown'],
    ],
    [
      'a slot of an unknown type',
      `${HEAD}slots: {a: thing}\nsteps:\n  - collect: a\n    ask: A?\n  - if: a == 3\n    then: [say: "{a}"]`,
      ['flow.type'],
    ],
    ['a step that cannot be read', filled('  - collect: n\n    aks: N?'), ['flow.unknown_key']],
    ['a flow that cannot be read, for its caller', filled('  - call: g\n    as: got\n  - say: "{got.id}"'), []],
  ])('%s', (_, text, codes) => {
    const other = 'flow: g\ncallable_only: true\noutputs: {id: string}\nsteps: [return: {id: x}, {sya: Hi}]';
    expect(
      problemsOf([text, other], { connectors })
        .filter(({ file }) => file === '0.yaml')
        .map(({ code }) => code)
        .toSorted(),
    ).toEqual(codes);
  });
});

test('a problem prints as one line with its place, and a hint', () => {
  const [problem] = problemsOf(`${HEAD}steps:\n  - sya: Hi`);
  expect(problem && showProblem(problem)).toBe(
    '0.yaml:4:5 error flow.unknown_step No step is called `sya`.\n    Did you mean `say`?',
  );
});

describe('a step that cannot be read hides what follows from it', () => {
  test.each([
    [
      'misspelt collect sets a slot used later',
      `${HEAD}slots: {n: string}\nsteps:\n  - colect: n\n    ask: N?\n  - say: "{n}"\n`,
    ],
    [
      'misspelt action with as',
      `${HEAD}slots: {n: string}\nsteps:\n  - collect: n\n    ask: N?\n  - acton: orders.find\n    with: {number: =n}\n    as: order\n  - if: order == null\n    then: [end: not_found]\n  - say: "{order.id} {order.total}"\n`,
    ],
    [
      'misspelt confirm then action confirmed_by',
      `${HEAD}slots: {n: string}\nsteps:\n  - collect: n\n    ask: N?\n  - confrm: go\n    ask: OK?\n    binds: [n]\n    no: [end: declined]\n  - action: orders.cancel\n    with: {number: =n, reason: late}\n    confirmed_by: go\n`,
    ],
    [
      'unknown key in action',
      `${HEAD}slots: {n: string}\nsteps:\n  - collect: n\n    ask: N?\n  - action: orders.find\n    wth: {number: =n}\n    as: order\n  - if: order == null\n    then: [end: not_found]\n  - say: "{order.id}"\n`,
    ],
    ['bad key in collect', `${HEAD}slots: {n: string}\nsteps:\n  - collect: n\n    aks: N?\n  - say: "{n}"\n`],
    [
      'unknown action',
      `${HEAD}slots: {n: string}\nsteps:\n  - collect: n\n    ask: N?\n  - action: orders.fnd\n    with: {number: =n}\n    as: order\n  - if: order == null\n    then: [end: not_found]\n  - say: "{order.id}"\n`,
    ],
    [
      'slot of unknown type',
      `${HEAD}slots: {n: strin}\nsteps:\n  - collect: n\n    ask: N?\n  - if: n.startsWith("A")\n    then: [say: "{n}"]\n`,
    ],
    ['unknown slot', `${HEAD}slots: {n: string}\nsteps:\n  - collect: m\n    ask: N?\n  - say: "{n}"\n`],
    [
      'misspelt end',
      `${HEAD}slots: {n: boolean}\nsteps:\n  - collect: n\n    ask: N?\n  - if: n\n    then: [ned: declined]\n  - say: hi\n`,
    ],
    ['misspelt return', `flow: f\ncallable_only: true\noutputs: {x: string}\nsteps:\n  - retrn: {x: a}\n`],
    ['misspelt set', `${HEAD}slots: {n: string}\nsteps:\n  - sett: {n: a}\n  - say: "{n}"\n`],
    [
      'misspelt next target id in misspelt step',
      `${HEAD}slots: {n: string}\nsteps:\n  - id: again\n    colect: n\n    ask: N?\n  - say: "{n}"\n  - next: again\n    max: 2\n    on_fail: [end: refused]\n`,
    ],
    ['misspelt call', `${HEAD}steps:\n  - cal: other\n    as: me\n  - say: "{me.id}"\n`],
    ['wrong call target', `${HEAD}steps:\n  - call: other\n    as: me\n  - say: "{me.id}"\n`],
    [
      'two steps in one',
      `${HEAD}slots: {n: string}\nsteps:\n  - collect: n\n    ask: N?\n    say: hello\n  - say: "{n}"\n`,
    ],
    [
      'switch misspelt key',
      `${HEAD}slots: {k: "enum(a,b)", n: string}\nsteps:\n  - collect: k\n    ask: K?\n  - swich: k\n    cases: {a: [collect: n, ask: N?], b: [end: resolved]}\n  - say: "{n}"\n`,
    ],
    [
      'misspelt wait as',
      `${HEAD}steps:\n  - wiat: {event: x, timeout: 1d}\n    as: it\n    on_timeout: [end: expired]\n  - say: "{it.id}"\n`,
    ],
    [
      'misspelt last step end before unreachable',
      `${HEAD}slots: {n: string}\nsteps:\n  - if: false\n    then:\n      - colect: n\n        ask: N?\n      - say: "{n}"\n  - end: resolved\n`,
    ],
    [
      'handoff typo within on_fail',
      `${HEAD}slots: {n: string}\nsteps:\n  - collect: n\n    ask: N?\n    on_fail: [handof: {queue: a, reason: b}]\n  - say: "{n}"\n`,
    ],
    [
      'wrong confirm schema',
      `${HEAD}slots: {n: string}\nsteps:\n  - collect: n\n    ask: N?\n  - confirm: go\n    ask: OK?\n    bind: [n]\n    no: [end: declined]\n  - action: orders.cancel\n    with: {number: =n, reason: late}\n    confirmed_by: go\n    as: done\n  - say: "{done.ok}"\n`,
    ],
    [
      'experiment typo, survey typo, llm typo',
      `${HEAD}slots: {n: string}\nsteps:\n  - lmm: {do: extract}\n    as: x\n  - say: "{x.a}"\n`,
    ],
    ['string step', `${HEAD}slots: {n: string}\nsteps:\n  - collect\n  - say: "{n}"\n`],
    [
      'a condition',
      `${HEAD}slots: {n: string}\nsteps:\n  - action: orders.find\n    with: {number: A}\n    as: order\n  - if: ordr == null\n    then: [end: not_found]\n  - say: "{order.id}"\n  - collect: n\n    ask: "{n}"\n`,
    ],
  ])('as %s', (_, text) => {
    expect(problemsOf(text, { connectors }).map(showProblem)).toHaveLength(1);
  });

  test('hides no other one before it', () => {
    const text = `${HEAD}slots: {n: string}\nsteps:\n  - say: "{n}"\n  - colect: n\n    ask: N?\n  - say: "{m}"\n`;
    expect(problemsOf(text).map(({ code }) => code)).toEqual([
      'message.maybe_unset',
      'flow.unknown_step',
      'message.unknown_name',
    ]);
  });
});

describe('the table of codes', () => {
  const rooms = ['flow', 'connector', 'deployment'].map((room) => join(import.meta.dirname, '..', '..', 'src', room));
  const sources = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== 'codes.ts')
      .map((name) => readFileSync(join(room, name), 'utf8')),
  );
  const WORDS =
    /(record\()?'((?:yaml|flow|expression|message|action|answer|llm|models|knowledge|connector|channel|deployment|settings|texts)\.(?!search')[a-z_]+)'/g;
  const used = new Set(
    sources.flatMap((source) =>
      [...source.matchAll(WORDS)].flatMap(([, record, code = '']) => (record || code.endsWith('.yaml') ? [] : [code])),
    ),
  );
  /** Written by another name where they are made: mistakes in parley.yaml, and a limit of the conversation. */
  const made = [
    ...['settings.invalid_value', 'settings.missing_key', 'settings.unknown_key', 'expression.too_deep'],
    // A file of a folder of documents, an account's settings, the desk's.
    ...['knowledge.unsupported', 'channel.missing_secret', 'settings.unknown_hours', 'settings.unknown_queue'],
    // What is said of reviews.
    ...['settings.unknown_agent', 'settings.unknown_set'],
  ];

  test('has every code that is used, and no other', () => {
    expect(Object.keys(CODES).toSorted()).toEqual([...new Set([...used, ...made])].toSorted());
  });

  test('has a mistake above for every code of a flow', () => {
    const atRunTime = new Set(
      Object.entries(CODES).flatMap(([code, meaning]) => (meaning.includes('while running') ? [code] : [])),
    );
    const proved = new Set([
      ...MISTAKES.map(([code]) => code),
      'flow.duplicate_flow',
      'flow.missing_input',
      'flow.unknown_input',
    ]);
    const elsewhere =
      /^(connector|channel|deployment|knowledge|models|settings|texts)\.|^action\.(broken|not_an_action|twice|unperformed)$|^message\.locale$/;
    const missing = Object.keys(CODES).filter(
      (code) => !proved.has(code) && !elsewhere.test(code) && !atRunTime.has(code),
    );
    expect(missing).toEqual([]);
  });
});

test('the repair flows that ship have no problems, in both languages', () => {
  expect(compile([], { locales: ['en', 'zh'] }).problems).toEqual([]);
});
