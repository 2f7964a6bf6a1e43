import { describe, expect, test } from '@jest/globals';
import { parseMarkdown, safeUrl } from '../../../channels/web/widget/markdown.ts';

const paragraph = (...children: unknown[]) => [{ tag: 'p', children }];

describe('a message’s markdown', () => {
  test('knows bold, italic, code and links, also within each other', () => {
    expect(parseMarkdown('**Order *1042*** is `ON_WAY`, see [it](https://e.com/a).')).toEqual(
      paragraph(
        { tag: 'b', children: ['Order ', { tag: 'i', children: ['1042'] }] },
        ' is ',
        { tag: 'code', children: ['ON_WAY'] },
        ', see ',
        { tag: 'a', url: 'https://e.com/a', children: ['it'] },
        '.',
      ),
    );
  });

  test('gathers lists, and keeps the lines of a paragraph', () => {
    expect(parseMarkdown('One:\nstill one\n- a\n- b\n1. c\n\nEnd')).toEqual([
      { tag: 'p', children: ['One:\nstill one'] },
      { tag: 'ul', children: ['a', 'b'].map((text) => ({ tag: 'li', children: [text] })) },
      { tag: 'ol', children: [{ tag: 'li', children: ['c'] }] },
      { tag: 'p', children: ['End'] },
    ]);
  });

  test('links a bare address without the full stop after it', () => {
    expect(parseMarkdown('See https://e.com/a?b=1. 详情见 https://e.com/c。')).toEqual(
      paragraph(
        'See ',
        { tag: 'a', url: 'https://e.com/a?b=1', children: ['https://e.com/a?b=1'] },
        '. 详情见 ',
        { tag: 'a', url: 'https://e.com/c', children: ['https://e.com/c'] },
        '。',
      ),
    );
  });

  test.each([
    '[a](javascript:alert(1))',
    '[a](data:text/html,<script>alert(1)</script>)',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '2 * 3 * 4',
    'order_number_1',
  ])('leaves %s as text', (text) => {
    const [block] = parseMarkdown(text);
    expect(typeof block === 'object' && block.children.join('')).toBe(text);
  });

  test('takes an escaped character for itself', () => {
    expect(
      parseMarkdown('\\*not italic\\*').map((block) => typeof block === 'object' && block.children.join('')),
    ).toEqual(['*not italic*']);
  });

  test.each(['*', '**', '[', '`', '[](', 'https://', '\n- ', '**a '])(
    'loses nothing of 20,000 characters of %j',
    (piece) => {
      const text = piece.repeat(20_000 / piece.length).slice(0, 20_000);
      expect(letters(parseMarkdown(text)).length).toBeGreaterThan(0);
    },
  );
});

test('an address is safe only when it is http or https', () => {
  expect(safeUrl('/files/1', 'https://e.com/')).toBe('https://e.com/files/1');
  expect(safeUrl('/files/1')).toBeUndefined();
  for (const url of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'blob:x',
    'file:///etc',
  ])
    expect(safeUrl(url, 'https://e.com/')).toBeUndefined();
});

function letters(tree: ReturnType<typeof parseMarkdown>): string {
  return tree.map((markup) => (typeof markup === 'string' ? markup : letters(markup.children))).join('');
}
