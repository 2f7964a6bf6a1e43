import { describe, expect, test } from '@jest/globals';
import { botOf, problemsOf, Talk } from '../../support/flows.ts';
import { flowOf, run } from './talk.ts';

describe('say', () => {
  test('speaks the customer’s language, and the first one where a text has no other', () => {
    const bot = botOf(flowOf('  - say: {en: Hello, zh: 您好}'), { locales: ['en', 'zh'] });
    expect(new Talk(bot, { locale: 'zh' }).start('f').said[0]).toBe('您好');
    expect(new Talk(bot, { locale: 'en' }).start('f').said[0]).toBe('Hello');
  });

  test('has another text for a channel that wants one', () => {
    const steps = '  - say: {en: Long and friendly, variants: {sms: Short}}';
    expect(run(steps).said[0]).toBe('Long and friendly');
    expect(run(steps, { channel: 'sms' }).said[0]).toBe('Short');
  });

  test('carries cards, images, files, a template and links, without unsafe addresses', () => {
    const talk = run(
      `
  - say:
      en: Look
      template: look_1
      image: {url: "https://x.test/i.png", alt: A picture}
      file: {url: "https://x.test/f.pdf", name: f.pdf}
      card:
        title: Card
        text: "{label}"
        fields: [{name: Label, value: =label}]
        buttons: [{title: Open, url: "https://x.test/"}, {title: Bad, url: "javascript:alert(1)"}]
      buttons: [{title: Site, url: "https://x.test/s"}]
`,
      { header: 'policy: {label: Red}' },
    );
    expect(talk.messages[0]).toEqual({
      text: 'Look',
      template: 'look_1',
      image: { url: 'https://x.test/i.png', alt: 'A picture' },
      file: { url: 'https://x.test/f.pdf', name: 'f.pdf' },
      links: [{ title: 'Site', url: 'https://x.test/s' }],
      card: {
        title: 'Card',
        text: 'Red',
        fields: [{ name: 'Label', value: 'Red' }],
        links: [{ title: 'Open', url: 'https://x.test/' }],
      },
    });
  });

  test('shows one card for each item of a list, with its own words and address', () => {
    const things = "[{name: Mug, page: 'https://x.test/mug'}, {name: Pan, page: 'javascript:alert(1)'}]";
    const talk = run(
      `
  - say:
      en: "For you:"
      carousel_from: things
      card: {title: "{item.name}", buttons: [{title: Open, url: =item.page}]}
`,
      { header: `policy: {things: ${things}}` },
    );
    expect(talk.messages[0]?.carousel).toEqual([
      { title: 'Mug', links: [{ title: 'Open', url: 'https://x.test/mug' }] },
      { title: 'Pan', links: [] },
    ]);
  });

  test.each([
    ['carousel_from: label', 'card: {title: A}', 'flow.type'],
    ['carousel_from: things', 'image: {url: "https://x.test/i.png"}', 'flow.missing_key'],
    ['carousel_from: things', 'card: {title: "{item.nmae}"}', 'message.unknown_field'],
    ['carousel_from: things', 'card: {title: "{item.name}", buttons: [{title: Human, human: true}]}', 'flow.button'],
  ])('refuses %s with %s', (list, rest, code) => {
    const header = 'policy: {label: Red, things: [{name: Mug}]}';
    const problems = problemsOf(flowOf(`  - say: {en: Look, ${list}, ${rest}}`, header));
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  test('offers quick replies, flows and a human; those of a card too', () => {
    const other = 'flow: other\ntitle: {en: The other}\ntriggers: {examples: {en: [other]}}\nsteps: [say: Here.]';
    const bot = botOf([
      flowOf(`
  - say:
      en: What next?
      choices: [the other please, {title: Somebody, human: true}]
      card: {title: Menu, buttons: [{title: From the card, start: other}]}
      buttons: [{start: other}]
`),
      other,
    ]);
    const talk = new Talk(bot).start('f');
    expect(talk.labels.toSorted()).toEqual(['From the card', 'Somebody', 'The other', 'the other please']);
    for (const label of ['the other please', 'From the card', 'The other'])
      expect(new Talk(bot).start('f').tap(label).said).toContain('Here.');
    expect(talk.tap('Somebody').handoffs).toHaveLength(1);
  });
});
