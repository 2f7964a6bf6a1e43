import { describe, expect, test } from '@jest/globals';
import { toMarkdown } from '../../../channels/directline/markdown.ts';

describe('markdown for any client', () => {
  test.each([
    ['bold, italic and code', '**Bold**, *italic*, `code`'],
    ['a link', '[Track it](https://dhl.example/PX1)'],
    ['a list', '- one\n- two'],
    ['a list that ends', 'one\n- two\nthree', 'one  \n- two\n\nthree'],
    ['a list with stars', '* one', '- one'],
    ['words after a blank line', 'one\n\ntwo'],
    ['a bare address', 'https://dhl.example/a_b_?c=1&d=2'],
    ['a nested mark', '**a *b* c**'],
  ])('keeps %s', (_name, text, written = text) => expect(toMarkdown(text)).toBe(written));

  test('breaks lines where they break', () => expect(toMarkdown('one\ntwo')).toBe('one  \ntwo'));

  test.each([
    ['a picture', '![x](https://evil.example/p.png)', '\\![x](https://evil.example/p.png)'],
    ['a picture without an address of the web', '![x](data:image/png;base64,AA)', '\\!\\[x](data:image/png;base64,AA)'],
    ['a script behind a link', '[x](javascript:alert(1))', '\\[x](javascript:alert(1))'],
    ['a tag', '<b>x</b>', '\\<b>x\\</b>'],
    ['a comment', '<!-- x -->', '\\<!-- x -->'],
    ['an entity', '&lt;b&gt; &#60;', '\\&lt;b\\&gt; \\&#60;'],
    ['a heading', '# one', '\\# one'],
    ['a heading by its underline', 'one\n---\ntwo\n===', 'one  \n\\---  \ntwo  \n\\==='],
    ['a quotation', '> one', '\\> one'],
    ['a list of another kind', '+ one', '\\+ one'],
    ['a number that a list would change', '3. one\n7) two', '3\\. one  \n7\\) two'],
    ['a table', '| a | b |\n|---|:-:|\na | b\n--- | ---', '| a | b |  \n\\|---|:-:|  \na | b  \n\\--- | ---'],
    ['code by its indentation', '    one', 'one'],
    ['a fence', '```\none\n```', '\\`\\`\\`  \none  \n\\`\\`\\`'],
    ['what underscores make', '_one_ __two__ a_b_c', '\\_one\\_ \\_\\_two\\_\\_ a_b_c'],
    ['what tildes make', '~~one~~ ~5', '\\~\\~one\\~\\~ ~5'],
    ['a loose star', 'a* b 2 * 3 **', 'a\\* b 2 * 3 \\*\\*'],
  ])('leaves nothing of %s', (_name, text, written) => expect(toMarkdown(text)).toBe(written));

  test('shows escaped marks as they are', () => expect(toMarkdown('\\*no\\* \\[a\\]')).toBe('\\*no\\* \\[a\\]'));

  test('leaves ordinary words alone', () => {
    const words = 'Hello! Your order (AB_12) is 1 < 2 & 3 > 2: 50% ~ €5.00. C:/x a|b {c} #5 -1 +2 =3';
    expect(toMarkdown(words)).toBe(words);
  });

  test('takes time in proportion to what it reads', () => {
    for (const text of ['*'.repeat(50_000), '['.repeat(50_000), '_a'.repeat(25_000), '`'.repeat(50_000)])
      expect(toMarkdown(text).length).toBeGreaterThan(0);
  });
});
