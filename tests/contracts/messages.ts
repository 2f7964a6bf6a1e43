import fc from 'fast-check';
import type { Message } from '../../src/channel.ts';

/** What authors and customers write that has broken somebody's software before. */
const ODD = [
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  'e\u0301\u0301\u0301',
  'שלום עולם',
  'مرحبا',
  '汉字标点，。',
  '“curly” – dash…',
  '**bold**',
  '*italic*',
  '`code`',
  '**open',
  '[a](b',
  '<b>&amp;</b>',
  '<!channel>',
  '<@U123>',
  '\\*',
  '- item\n- item',
  '\n\n',
  '@everyone',
  '{{x}}',
  'x'.repeat(300),
  '汉'.repeat(300),
  '👍'.repeat(40),
];

/** Every word of it has a mark (`w7w`), so that one that is lost is missed. What a picture shows is said only where it cannot be seen. */
export function marks(message: Message): readonly string[] {
  const said = JSON.stringify(message, (name, value: unknown) => (name === 'alt' ? undefined : value));
  return [...new Set(said.match(/w\d+w/g) ?? [])];
}

export function picturesOf({ image, card, carousel = [] }: Message): readonly NonNullable<Message['image']>[] {
  return [image, card?.image, ...carousel.map((each) => each.image)].filter((each) => each !== undefined);
}

/** Any message that a flow may say, of any size. */
export function anyMessage(): fc.Arbitrary<Message> {
  return fc
    .record(
      {
        text: words(60),
        choices: fc.array(line(), { minLength: 1, maxLength: 30 }),
        multiple: fc.boolean(),
        links: fc.array(fc.tuple(line(), address()), { maxLength: 4 }),
        card: card(),
        carousel: fc.array(card(), { minLength: 1, maxLength: 12 }),
        image: picture(),
        file: fc.tuple(line(), address()),
        input: fc.constantFrom('text' as const, 'date' as const, 'file' as const),
      },
      { requiredKeys: ['text'] },
    )
    .map(({ choices, links, file, multiple, ...message }) =>
      marked({
        ...message,
        ...(choices && { choices: choices.map((label, index) => ({ token: `1z.${index.toString(36)}`, label })) }),
        ...(choices && multiple && { multiple: true }),
        ...(links && { links: links.map(([title, url]) => ({ title, url })) }),
        ...(file && { file: { name: file[0], url: file[1] } }),
      }),
    );
}

/** A placeholder for a word, numbered once the message is whole. */
const WORD = '\u{E000}';

function marked(message: Message): Message {
  let count = 0;
  return JSON.parse(JSON.stringify(message).replaceAll(WORD, () => `w${count++}w`)) as Message;
}

function words(most: number): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constant(WORD) },
    { weight: 2, arbitrary: fc.constantFrom(...ODD) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom('.', '。', '!', '\n') },
  );
  return fc.array(piece, { maxLength: most }).map((pieces) => pieces.join(' '));
}

/** Of a button, a title: never empty, sometimes far too long for it. */
function line(): fc.Arbitrary<string> {
  const long = fc.integer({ min: 1, max: 12 }).map((count) => `${WORD} `.repeat(count).trim());
  return fc.oneof(
    long,
    fc.constantFrom(
      `退货 ${WORD}`,
      `${WORD} 👍`,
      `<${WORD}> & co`,
      `${WORD} — a rather long label that no button holds`,
    ),
  );
}

function address(): fc.Arbitrary<string> {
  return fc.constantFrom(
    'https://shop.example/labels/x?a=1&b=2',
    '/files/a',
    'http://127.0.0.1:4000/track/1',
    'mailto:a@b.example',
  );
}

function picture() {
  const url = fc.constantFrom('https://shop.example/mug.jpg', 'https://shop.example/mug.svg', '/files/mug.png');
  return fc.record({ url, alt: fc.constantFrom(WORD, `A mug ${WORD}`) });
}

function card() {
  return fc.record(
    {
      title: line(),
      text: words(10),
      image: picture(),
      fields: fc.array(fc.record({ name: line(), value: line() }), { maxLength: 4 }),
      links: fc.array(fc.record({ title: line(), url: address() }), { maxLength: 3 }),
    },
    { requiredKeys: ['title'] },
  );
}
