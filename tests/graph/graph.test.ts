import { describe, expect, test } from '@jest/globals';
import { Flow } from '../../src/flow/reading/schema.ts';
import { readYaml } from '../../src/flow/reading/yaml.ts';
import { parseZod } from '../../src/flow/reading/zod-problems.ts';
import { stepKinds } from '../../src/flow/steps.ts';
import { type Chart, chartOf } from '../../src/graph/chart.ts';
import { layOut } from '../../src/graph/layout.ts';
import { draw } from '../../src/graph/svg.ts';
import { widthOf, wrap } from '../../src/graph/words.ts';

function chart(text: string, locale = 'en'): Chart {
  const yaml = readYaml(text, 'flow.yaml');
  const flow = parseZod(Flow, yaml.value, [], yaml, []);
  if (flow === undefined) throw new Error('The flow of this test is no flow.');
  return chartOf(flow, locale);
}

/** `a -yes→ b` by names. */
function ways({ nodes, edges }: Chart): string[] {
  const name = (id: string) => {
    const node = nodes.find((one) => one.id === id);
    return node?.kind === 'say' || node?.kind === 'if' || node?.kind === 'try' ? node.text : node?.name;
  };
  return edges.map(({ from, to, label, jump }) => `${name(from)} -${label}→ ${jump ? '(jump) ' : ''}${name(to)}`);
}

describe('the chart of a flow', () => {
  test('follows both ways of a condition to where they meet', () => {
    const text = 'flow: f\nsteps:\n  - if: a == b\n    then: [say: one]\n    else: [say: two]\n  - end: resolved';
    expect(ways(chart(text))).toEqual([
      'f -→ a == b',
      'a == b -yes→ one',
      'a == b -no→ two',
      'one -→ resolved',
      'two -→ resolved',
    ]);
  });

  test('shows a bounded jump back, and what happens when it was taken too often', () => {
    const text =
      'flow: f\nsteps:\n  - collect: code\n    ask: Code?\n  - next: code\n    max: 3\n    on_fail: {handoff: {queue: q, reason: r}}';
    expect(ways(chart(text))).toEqual([
      'f -→ code',
      'code -→ 3×',
      '3× -too often→ to a human',
      'to a human -→ escalated',
      '3× -again→ (jump) code',
    ]);
  });

  test('ends a flow that runs off its last step as resolved', () => {
    expect(ways(chart('flow: f\nsteps: [say: hi]'))).toEqual(['f -→ hi', 'hi -→ resolved']);
  });

  test('draws the blocks under `on:` beside the flow, with the way they end', () => {
    const drawn = ways(chart('flow: f\nsteps: [say: hi]\non: {cancel: [say: sure], skip: [say: no]}'));
    expect(drawn).toContain('sure -→ abandoned');
    expect(drawn).toContain('no -→ back to the flow');
  });

  test('labels the cases of a switch and the arms of an experiment', () => {
    const text =
      'flow: f\nsteps:\n  - switch: a\n    cases: {"x,y": [say: one]}\n    else: [say: two]\n  - experiment: e\n    arms: {on: 30, off: 70}\n    on: [say: three]';
    expect(ways(chart(text))).toEqual(
      expect.arrayContaining(['switch -x, y→ one', 'switch -else→ two', 'e -on 30→ three', 'e -off 70→ resolved']),
    );
  });

  test('shows texts in the language asked for', () => {
    expect(chart('flow: f\nsteps: [say: {en: Hello, zh: 你好}]', 'zh').nodes.map(({ text }) => text)).toContain('你好');
  });

  test('leaves out no kind of step', () => {
    const steps: Record<string, string> = {
      say: 'say: hi',
      collect: 'collect: c\n    ask: C?',
      confirm: 'confirm: go\n    ask: Go?',
      action: 'action: a.b',
      set: 'set: {c: 1}',
      if: 'if: a\n    then: [say: x]',
      switch: 'switch: a\n    cases: {x: [say: x]}',
      next: 'next: c\n    max: 2',
      call: 'call: g',
      return: 'return: {}',
      link: 'link: g',
      answer: 'answer: {query: q, on_none: continue}',
      llm: 'llm: {task: summarize, input: [c], out: {s: text}, on_fail: {s: x}}',
      handoff: 'handoff: {queue: q, reason: r}',
      wait: 'wait: {event: e, timeout: 1d}\n    on_timeout: [end: expired]',
      survey: 'survey: csat',
      experiment: 'experiment: e\n    arms: {a: 1}',
      end: 'end: resolved',
    };
    for (const word of stepKinds.keys()) {
      const drawn = chart(`flow: f\nsteps:\n  - ${steps[word] ?? `${word}: x`}`).nodes.filter(
        ({ kind }) => kind !== 'start',
      );
      expect([word, drawn[0]?.kind]).toEqual([word, word === 'next' ? 'try' : word]);
    }
  });
});

describe('the picture of a flow', () => {
  const picture = layOut(
    chart('flow: f\nsteps:\n  - if: a < b && c\n    then: [say: "one <b>"]\n    else: [say: two]\n  - end: resolved'),
  );

  test('puts no step over another', () => {
    for (const a of picture.nodes) {
      for (const b of picture.nodes) {
        if (a.id >= b.id) continue;
        const apart =
          Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
        expect(apart).toBe(true);
      }
    }
  });

  test('is one SVG that takes what authors write as text, never as markup', () => {
    const svg = draw(picture);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg).not.toContain('one <b>');
    expect(svg).toContain('one &#60;b&#62;');
  });

  test('is the same each time', () => {
    const again = layOut(
      chart('flow: f\nsteps:\n  - if: a < b && c\n    then: [say: "one <b>"]\n    else: [say: two]\n  - end: resolved'),
    );
    expect(draw(again)).toBe(draw(picture));
  });
});

describe('the lines of a text', () => {
  test('stay within their width, in scripts with and without spaces', () => {
    for (const text of [
      'What is your order number? It looks like AB123456.',
      '很抱歉，订单未能送达。需要为您退款吗？请告诉我们。',
      'x'.repeat(80),
    ]) {
      for (const line of wrap(text, 150, 9)) expect(widthOf(line)).toBeLessThanOrEqual(215);
      expect(wrap(text, 150, 9).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });

  test('say with an ellipsis that more follows', () => {
    expect(wrap('one two three four five six seven eight nine ten', 60, 2).at(-1)).toMatch(/…$/);
  });
});
