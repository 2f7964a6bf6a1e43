import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';

const parcel = `
flow: parcel
description: Where a parcel is
triggers: {examples: {en: [where is my parcel]}}
slots: {number: {type: string, pattern: "^[A-Z]{2}[0-9]{4}$"}}
steps:
  - collect: number
    ask: Which parcel?
    invalid: That is no parcel number.
    retries: 1
    on_fail: [say: Let us leave it., end: abandoned]
  - say: "Parcel {number} is on its way."
  - end: resolved
`;
const hours = `
flow: hours
description: Opening hours
triggers: {examples: {en: [when are you open]}}
slots: {city: "enum(berlin,paris)"}
steps:
  - collect: city
    ask: Which city?
  - say: We open at nine.
  - end: resolved
`;
const bot = botOf([parcel, hours]);

describe('a question in between', () => {
  test('is answered, and the interrupted flow goes on where it was', () => {
    const talk = new Talk(bot).start('parcel');
    expect(talk.said).toEqual(['Which parcel?']);
    talk.say('when are you open?');
    expect(talk.flows).toEqual(['parcel', 'hours']);
    expect(talk.asks).toBe('city');
    talk.say('Paris');
    expect(talk.said).toEqual(['We open at nine.', 'Back to where we were.', 'Which parcel?']);
    expect(talk.ended).toEqual(['hours: resolved']);
    talk.say('AB1234');
    expect(talk.said).toEqual(['Parcel AB1234 is on its way.', 'Is there anything else I can do for you?']);
  });

  test('spends none of the tries', () => {
    const talk = new Talk(bot).start('parcel').say('12');
    expect(talk.said).toEqual(['That is no parcel number.\nWhich parcel?']);
    for (let round = 0; round < 5; round++) talk.start('hours').set({ city: 'paris' });
    expect(talk.asks).toBe('number');
    talk.say('13');
    expect(talk.said).toEqual(['Let us leave it.']);
    expect(talk.ended).toEqual(['parcel: abandoned']);
  });
});
