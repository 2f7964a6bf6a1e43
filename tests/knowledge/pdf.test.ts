import { describe, expect, test } from '@jest/globals';
import { partsOfPages } from '../../src/knowledge/pages.ts';
import { PDF_BYTES, PDF_PAGES, readPdf } from '../../src/knowledge/pdf.ts';
import { lockedPdf, pdfOf } from '../support/pdf.ts';
import { ask, library } from './library.ts';

const PAGES = [
  ['Terms of the shop', 'Delivery of a sofa takes up to', 'six weeks from the order.', '1 / 3'],
  ['Terms of the shop', 'A gift card is valid for three', 'years from the day it was bought.', '2 / 3'],
  ['Terms of the shop', 'Disputes are settled in Berlin.', '3 / 3'],
];

describe('a PDF', () => {
  test('answers with the page that it stands on, under the title of its metadata', async () => {
    const { title, text } = await readPdf(pdfOf(PAGES, { title: 'General terms' }), 'terms.pdf');
    const knowledge = library();
    const fallback = { title: title ?? '', locale: 'en' };
    knowledge.put('help', {
      id: 'terms.pdf',
      kind: 'pages',
      text,
      fallback,
      facts: { url: 'https://shop.example/t.pdf' },
    });
    expect(knowledge.answer(ask('How long is a gift card valid?'))).toMatchObject({
      text: 'A gift card is valid for three years from the day it was bought.',
      title: 'General terms',
      page: 2,
      url: 'https://shop.example/t.pdf',
    });
  });

  test.each(['Microsoft Word - terms.docx', 'untitled', 'terms.pdf'])(
    'has no title where its program wrote “%s”',
    async (title) => {
      expect(await readPdf(pdfOf([['Some text.']], { title }), 'a.pdf')).not.toHaveProperty('title');
    },
  );

  test.each([
    ['is a scan', () => pdfOf([[], []], { images: true }), /none of its 2 pages has text: it is a scan/],
    ['is protected by a password', () => lockedPdf(), /protected by a password/],
    ['is damaged', () => pdfOf(PAGES).subarray(0, 200), /damaged/],
    ['is none at all', () => Buffer.from('<html>Not found</html>'), /damaged, or no PDF/],
    ['is empty', () => Buffer.alloc(0), /damaged/],
    ['is too large', () => Buffer.alloc(PDF_BYTES + 1), /21 MB; 20 MB and 500 pages are the most/],
    ['has too many pages', () => pdfOf(Array.from({ length: PDF_PAGES + 1 }, () => ['x'])), /501 pages/],
  ])('that %s is refused by its name, with what to do', async (_, bytes, message) => {
    const refusal = await readPdf(bytes(), 'help/terms.pdf').catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'knowledge.unreadable',
      message: expect.stringMatching(message) as unknown,
      hint: expect.any(String) as unknown,
    });
    expect(refusal).toMatchObject({ message: expect.stringContaining('help/terms.pdf') as unknown });
  });
});

describe('pages', () => {
  test('join lines within a sentence and words that were parted, and keep lists', () => {
    const [part] = partsOfPages('You may return\nevery arti-\ncle. Except:\n- tea\n- gift cards');
    expect(part?.text).toBe('You may return every article. Except:\n- tea\n- gift cards');
    expect(partsOfPages('收货后三十天内\n可以退货。')[0]?.text).toBe('收货后三十天内可以退货。');
  });

  test('leave out what stands at the head or foot of most of them', () => {
    const texts = partsOfPages(PAGES.map((lines) => lines.join('\n')).join('\f')).map(({ text }) => text);
    expect(texts).toEqual([
      'Delivery of a sofa takes up to six weeks from the order.',
      'A gift card is valid for three years from the day it was bought.',
      'Disputes are settled in Berlin.',
    ]);
  });
});
