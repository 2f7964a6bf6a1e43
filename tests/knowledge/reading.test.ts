import { describe, expect, test } from '@jest/globals';
import { type Document, kindOf, readDocument } from '../../src/knowledge/reading.ts';
import { page, RETURNS } from './library.ts';

const manner = {
  set: 'help',
  locales: ['en', 'zh'],
  timezone: 'UTC',
  mayLink: (host: string) => host === 'shop.example',
  base: 'https://shop.example/help/',
};
const read = (document: Document) => readDocument(document, manner);
const passages = (document: Document) => read(document).passages;
const texts = (document: Document) => passages(document).map(({ text }) => text);

describe('Markdown', () => {
  test('becomes a passage under each heading, with what its front matter says', () => {
    expect(passages(page('returns.md', RETURNS))).toMatchObject([
      {
        set: 'help',
        document: 'returns.md',
        title: 'Returns policy',
        heading: 'How long do I have to return something?',
        also: 'return period, how many days',
        text: 'You can return any item within 30 days of delivery.',
        url: 'https://shop.example/returns',
        locale: 'en',
      },
      { heading: 'Who pays for a return?' },
    ]);
  });

  test('leaves its words without its marks', () => {
    const text =
      '# T\nA **bold** and *soft* [word](https://evil.example/x) with `code` <b>here</b>.\n\n- one\n- two\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![A lamp](lamp.png)\n<!-- a note -->\n---\n```\nplain\n```\n[ref]: https://evil.example';
    expect(texts(page('t.md', text)).join('\n')).toBe(
      'A bold and soft word with code here.\n• one\n• two\nsaid\na · b\n1 · 2\nA lamp\nplain',
    );
  });

  test('knows its language by its folder’s word, its own, or its letters', () => {
    expect(passages(page('a.md', '这是中文。'))[0]?.locale).toBe('zh');
    expect(passages(page('a.md', 'English.'))[0]?.locale).toBe('en');
    expect(passages(page('a.md', '---\nlocale: zh-CN\n---\nPayPal'))[0]?.locale).toBe('zh');
    expect(passages(page('a.md', '---\nlocale: "*"\n---\nPayPal'))[0]?.locale).toBe('*');
    expect(passages(page('a.md', 'PayPal', { fallback: { locale: 'zh' } }))[0]?.locale).toBe('zh');
    expect(passages(page('a.md', '---\nlang: en\n---\nPayPal', { fallback: { locale: 'zh' } }))[0]?.locale).toBe('en');
  });

  test('resolves its address against the set’s base', () => {
    expect(passages(page('a.md', '---\nurl: returns#time\n---\nA.'))[0]?.url).toBe(
      'https://shop.example/help/returns#time',
    );
  });

  test('is cut where paragraphs end, and a long one between sentences', () => {
    const paragraph = (word: string) => `${`The ${word} is described in this sentence. `.repeat(12).trim()}`;
    const cut = texts(page('a.md', `# T\n${paragraph('lamp')}\n\n${paragraph('chair')}\n\nShort.`));
    expect(cut.length).toBeGreaterThan(1);
    for (const piece of cut) expect(piece.length).toBeLessThan(1_000);
    expect(cut.join('\n').match(/lamp/g)).toHaveLength(12);
    for (const piece of cut) expect(piece).toMatch(/\.$/);
    const han = texts(page('zh.md', `# 灯\n${'这盏灯的使用方法写在这里。'.repeat(60)}`));
    for (const piece of han) expect(piece.length).toBeLessThan(330);
    expect(han.join('')).toBe('这盏灯的使用方法写在这里。'.repeat(60));
  });

  test.each([
    ['valid_until: soon', /soon/],
    ['valid_until: 2026-13-40', /2026-13-40/],
    ['title: [a, b]', /title/],
    ['a: [', /front matter/],
  ])('tells what it cannot understand of itself: %s', (matter, told) => {
    expect(read(page('a.md', `---\n${matter}\n---\nText.`)).mistakes.join()).toMatch(told);
  });
});

describe('HTML', () => {
  test('becomes what a reader sees', () => {
    const html = `<!doctype html><html lang="en"><head><title>Help &amp; more</title><style>p{color:red}</style></head><body>
      <nav><a href="/">Home</a></nav><h2>Delivery</h2><p>It takes <b>3&ndash;5</b> days.<br>Or more.</p>
      <ul><li>EU: free</li><li>Else: 9&nbsp;EUR</li></ul><script>alert("x</p>")</script><!-- hidden --><footer>Imprint</footer>
      <p title="a > b">1 < 2</p></body></html>`;
    expect(passages({ id: 'd.html', kind: 'html', text: html })).toMatchObject([
      { title: 'Help & more', heading: 'Delivery', locale: 'en' },
    ]);
    expect(texts({ id: 'd.html', kind: 'html', text: html }).join('\n')).toBe(
      'It takes 3–5 days.\nOr more.\n• EU: free\n• Else: 9 EUR\n1 < 2',
    );
  });

  test.each(['<', '<p', '<!--', '<script>', '<p title="', '</', '&#x110000;&#0;&bogus;', '<h1><h1><h1>'.repeat(2_000)])(
    'that is broken is read all the same: %#',
    (html) => {
      expect(() => passages({ id: 'x.html', kind: 'html', text: `${html} words` })).not.toThrow();
    },
  );
});

describe('tables', () => {
  test('have a passage in each row', () => {
    const text =
      'Question,Answer,URL,valid until,also\n"What, now?","He said ""yes"".\nTwice.",faq#1,2026-12-31,huh\n\nSecond?,No.,,,\n';
    expect(passages({ id: 'faq.csv', kind: 'csv', text })).toMatchObject([
      {
        heading: 'What, now?',
        text: 'He said "yes".\nTwice.',
        url: 'https://shop.example/help/faq#1',
        until: Date.UTC(2027, 0, 1),
        also: 'huh',
      },
      { heading: 'Second?', text: 'No.' },
    ]);
    expect(texts({ id: 'f.csv', kind: 'csv', text: 'question;answer\na?;b, c' })).toEqual(['b, c']);
  });

  test('tell which row has nothing to say', () => {
    expect(read({ id: 'f.csv', kind: 'csv', text: 'question,answer\na?,\nb?,c' }).mistakes).toEqual([
      'Row 2 has nothing under `answer` (or `text`).',
    ]);
  });
});

describe('files', () => {
  test('are known by their names, and one that cannot be read is named', () => {
    expect(['a.md', 'b.HTML', 'c.tsv', 'd.txt', 'e.PDF'].map(kindOf)).toEqual([
      'markdown',
      'html',
      'csv',
      'text',
      'pages',
    ]);
    expect(() => kindOf('help/terms.docx')).toThrow(
      expect.objectContaining({ code: 'knowledge.unsupported', message: expect.stringContaining('help/terms.docx') }),
    );
  });

  test('that are too long are refused, not half read', () => {
    const { passages, mistakes } = read({ id: 'a.txt', kind: 'text', text: 'a '.repeat(1_100_000) });
    expect(passages).toEqual([]);
    expect(mistakes).toHaveLength(1);
  });
});
