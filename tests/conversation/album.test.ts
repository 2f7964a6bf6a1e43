import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';

const damage = `
flow: damage
triggers: {examples: {en: [broken]}}
slots: {photos: {type: list<file>, max: 3}, count: integer, what: text}
steps:
  - collect: photos
    ask: Photos?
  - collect: what
    ask: What happened?
  - set: {count: =photos.size()}
  - say: "{count} photos: {what}"
`;
const bot = botOf(damage);
const photo = (id: string) => ({ id, name: `${id}.jpg`, type: 'image/jpeg', size: 1, url: `/files/${id}` });
const send = (talk: Talk, id: string, album?: string) =>
  talk.take({ kind: 'message', text: '', attachments: [photo(id)], ...(album === undefined ? {} : { album }) });

describe('pictures that she sends at once', () => {
  test('are one answer, though each comes by itself and the next question is open by then', () => {
    const talk = send(new Talk(bot).start('damage'), 'a', '7');
    expect(talk.said).toEqual(['What happened?']);
    expect(send(talk, 'b', '7').said).toEqual([]);
    expect(send(talk, 'c', '7').said).toEqual([]);
    expect(talk.say('It fell').said[0]).toBe('3 photos: It fell');
  });

  test('are no more than the question takes', () => {
    const talk = new Talk(bot).start('damage');
    for (const id of ['a', 'b', 'c', 'd']) send(talk, id, '7');
    expect(talk.slots.photos).toHaveLength(3);
  });

  test('are not mixed up with one that comes later', () => {
    const talk = send(new Talk(bot).start('damage'), 'a', '7');
    expect(send(talk, 'b', '8').said[0]).toMatch(/pictures/i);
    expect(talk.slots.photos).toHaveLength(1);
  });

  test('say nothing once what they were for is over', () => {
    const talk = send(new Talk(bot).start('damage'), 'a', '7').say('It fell');
    expect(send(talk, 'b', '7').said).toEqual([]);
  });
});
