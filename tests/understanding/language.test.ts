import { describe, expect, test } from '@jest/globals';
import { spokenLocale } from '../../src/understanding/language.ts';

const ALL = ['en', 'zh-CN', 'de', 'es-MX', 'fr', 'it', 'pt-BR', 'nl'];

describe('the language of a text', () => {
  test.each([
    ['Wo ist meine Bestellung?', 'de'],
    ['ich möchte die Lampe zurückschicken', 'de'],
    ['¿Dónde está mi pedido?', 'es-MX'],
    ['quiero devolver una camisa', 'es-MX'],
    ['où est ma commande', 'fr'],
    ["je voudrais parler avec quelqu'un s'il vous plaît", 'fr'],
    ['dove è il mio ordine, non è ancora arrivato', 'it'],
    ['onde está o meu pedido? ainda não chegou', 'pt-BR'],
    ['waar is mijn bestelling, ik heb het nog niet ontvangen', 'nl'],
  ])('“%s” is told from English: %s', (text, locale) => {
    expect(spokenLocale(text, 'en', ALL)).toBe(locale);
    expect(spokenLocale(text, locale, ALL)).toBeUndefined();
  });

  test.each([
    'where is my order',
    'I would like to send the lamp back',
    'Maria de la Cruz',
    'La La Land on DVD please',
    'the Rue de la Paix perfume',
    'Bestellung AB123456',
    'die hard',
    'OK',
    '',
    '12345',
    'no',
    'a la carte menu for the kids',
    'das Auto is my favourite ad',
    '我的订单在哪里',
  ])('“%s” is no wish for another language than English', (text) => {
    expect(spokenLocale(text, 'en', ALL)).toBeUndefined();
  });

  test('English is told from any of them', () => {
    for (const locale of ['de', 'es-MX', 'fr', 'it', 'pt-BR', 'nl'])
      expect(spokenLocale('where is my order, it has not arrived', locale, ALL)).toBe('en');
  });

  test('a language that the bot does not speak is never chosen', () => {
    expect(spokenLocale('Wo ist meine Bestellung?', 'en', ['en', 'zh', 'fr'])).toBeUndefined();
    expect(spokenLocale('gdzie jest moje zamówienie', 'en', ['en', 'pl'])).toBeUndefined();
  });
});
