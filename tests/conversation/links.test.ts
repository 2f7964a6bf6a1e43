import { describe, expect, test } from '@jest/globals';
import { linkingTo } from '../../src/links.ts';
import { botOf, Talk } from '../support/flows.ts';

const FLOW = `flow: f
triggers: {examples: {en: [f]}}
inputs: {note: string, page: url, list: list<string>}
slots: {pick: string}
steps:
  - say:
      en: "Your note: {note}"
      buttons: [{title: "Read {note}", url: =page}]
      card: {title: "{note}", fields: [{name: Note, value: =note}], buttons: [{title: Open, url: =page}]}
      image: {url: =page}
      file: {url: =page, name: a.pdf}
  - collect: pick
    ask: Which?
    choices_from: list
  - end: resolved
`;

function told(values: { note: string; page: string }) {
  const bot = { ...botOf(FLOW), mayLink: linkingTo(['shop.example', 'dhl.com']) };
  return new Talk(bot).start('f', { ...values, list: [values.note] });
}

describe('what the bot says', () => {
  test('leads to nobody but the business, whatever its data says', () => {
    const talk = told({ note: 'pay at https://evil.example/x or evil.com', page: 'https://evil.example/' });
    expect(JSON.stringify(talk.messages)).not.toContain('evil');
    expect(talk.messages[0]).toMatchObject({ text: 'Your note: pay at or', links: [], card: { title: 'pay at or' } });
    expect(talk.offered.map(({ label }) => label)).toEqual(['pay at or']);
    expect(talk.records('link.refused')).not.toEqual([]);
  });

  test('leads to the business and to whom it has named, with what is below them', () => {
    const talk = told({ note: 'see shop.example/help', page: 'https://track.dhl.com/1' });
    expect(talk.messages[0]).toMatchObject({
      text: 'Your note: see shop.example/help',
      links: [{ url: 'https://track.dhl.com/1' }],
      image: { url: 'https://track.dhl.com/1' },
      file: { url: 'https://track.dhl.com/1' },
    });
    expect(talk.records('link.refused')).toEqual([]);
  });

  test('leads to a number of the business, and to no other', () => {
    const page = 'sms:+15550001111?body=K7Q2-9FXM';
    const leading = (numbers: string[]) => {
      const bot = { ...botOf(FLOW.replace('page: url', 'page: string')), mayLink: linkingTo(numbers) };
      return new Talk(bot).start('f', { note: 'x', page, list: ['x'] }).messages[0]?.links;
    };
    expect(leading(['+15550001111'])).toEqual([{ title: 'Read x', url: page }]);
    expect(leading(['+1900'])).toEqual([]);
  });

  test.each(['https://shop.example@evil.example/', 'https://shop.example.evil.example/', 'https://evilshop.example/'])(
    'is not fooled by %s',
    (page) => {
      expect(JSON.stringify(told({ note: 'x', page }).messages)).not.toContain('evil');
    },
  );
});

test('a host counts with those below it, and * is any', () => {
  const may = linkingTo(['dhl.com', 'www.shop.example']);
  expect(['dhl.com', 'a.b.dhl.com', 'shop.example', 'adhl.com', 'com', ''].map(may)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(linkingTo(['*'])('evil.example')).toBe(true);
});
