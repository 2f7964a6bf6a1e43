import type { Passage } from '../../src/knowledge/passage.ts';

/** Passages of our own, and what models are known to make of the like: true sentences, and every way of spoiling them. */
export function passage(text: string, over: Partial<Passage> = {}): Passage {
  return { set: 'help', document: 'd', title: 'Returns policy', heading: '', text, locale: 'en', ...over };
}

export const RETURNS = passage(
  'You can return any item within 30 days of delivery. Returns are free within the European Union. Gift cards cannot be returned. ' +
    'If the item is damaged, we refund the postage. Opened software cannot be returned; opened books can be returned.',
  { heading: 'How long do I have to return something?' },
);
export const DELIVERY = passage(
  'Standard delivery takes 3 to 5 business days and costs €4.90; express delivery takes 1 day and costs €9.90. ' +
    'Orders over €50 are delivered free of charge. We deliver from Hamburg to Vienna every Friday. ' +
    'Our shop is open from 9:00 to 17:30. Call +49 40 1234567 or see https://shop.example/delivery for details.',
  { title: 'Delivery' },
);
export const TERMS = passage(
  'Your warranty begins on 2026-11-03 and lasts two years. Model X-200 must be registered before 1 March 2027. ' +
    'Only members receive a discount of 10 %. Keep the invoice INV-2231 safe.',
  { title: 'Warranty' },
);
export const 退货 = passage(
  '收货后 30 天内可以退货。礼品卡不能退货。欧盟境内退货免费，其他地区运费由您承担。如果商品破损，我们退还运费。',
  { title: '退货政策', heading: '多久可以退货？', locale: 'zh' },
);
export const 配送 = passage(
  '标准配送需要 3 到 5 个工作日，运费 4.90 欧元。满 50 欧元免运费。客服电话周一至周五 9:00 到 18:00。',
  {
    title: '配送',
    locale: 'zh',
  },
);

/** What may be said: their own sentences, and others that say the same. */
export const TRUE: readonly (readonly [Passage, string])[] = [
  ...[RETURNS, DELIVERY, TERMS, 退货, 配送].flatMap((one) =>
    one.text
      .split(/(?<=[.。])\s*(?=[A-Z\p{Script=Han}])/u)
      .map((sentence): readonly [Passage, string] => [one, sentence]),
  ),
  [RETURNS, 'Items can be returned within 30 days of any delivery.'],
  [RETURNS, 'You can return any item within thirty days of delivery.'],
  [RETURNS, 'Opened books can be returned.'],
  [RETURNS, 'If it is damaged, we refund the postage of the item.'],
  [DELIVERY, 'Express delivery takes one day and costs 9.90 EUR.'],
  [DELIVERY, 'Orders over 50 euros are delivered free of charge.'],
  [DELIVERY, 'The shop is open from 9 am to 5:30 pm.'],
  [TERMS, 'Your warranty begins on 3 November 2026 and lasts 2 years.'],
  [退货, '您可以在收货后30天内退货。'],
  [退货, '欧盟境内退货免费。'],
  [配送, '标准配送需要3到5个工作日。'],
  // In another language: by figures and names.
  [RETURNS, '您可以在收货后30天内退回任何商品。'],
  [TERMS, '您的保修从2026年11月3日开始，为期两年。'],
  [退货, 'You can return it within 30 days of delivery.'],
];

/** What must not be said, by what is wrong with it. */
export const FALSE: Readonly<Record<string, readonly (readonly [Passage, string])[]>> = {
  'a number is altered': [
    [RETURNS, 'You can return any item within 60 days of delivery.'],
    [RETURNS, 'You can return any item within ninety days of delivery.'],
    [DELIVERY, 'Express delivery takes 1 day and costs €4.90.'],
    [DELIVERY, 'Express delivery takes 3 to 5 business days and costs €9.90.'],
    [DELIVERY, 'Standard delivery takes 3 business days.'],
    [DELIVERY, 'Standard delivery takes 5 to 3 business days and costs €4.90.'],
    [DELIVERY, 'Orders over €500 are delivered free of charge.'],
    [DELIVERY, 'Orders over $50 are delivered free of charge.'],
    [TERMS, 'Only members receive a discount of 100 %.'],
    [退货, '收货后60天内可以退货。'],
    [退货, '收货后三个月内可以退货。'],
    [配送, '标准配送需要3到5个工作日，运费 9.90 欧元。'],
    [RETURNS, '您可以在收货后60天内退回任何商品。'],
    [退货, 'You can return it within 13 days of delivery.'],
  ],
  'a unit is altered': [
    [RETURNS, 'You can return any item within 30 weeks of delivery.'],
    [DELIVERY, 'Standard delivery takes 3 to 5 days and costs €4.90.'],
    [TERMS, 'Your warranty begins on 2026-11-03 and lasts two months.'],
    [退货, '收货后30周内可以退货。'],
    [RETURNS, '您可以在收货后30周内退回任何商品。'],
  ],
  'a date or a time is altered': [
    [TERMS, 'Your warranty begins on 2026-03-11 and lasts two years.'],
    [TERMS, 'Your warranty begins on 3 October 2026 and lasts two years.'],
    [TERMS, 'Your warranty begins on 3 November 2027 and lasts two years.'],
    [TERMS, 'Model X-200 must be registered before 31 March 2027.'],
    [TERMS, '您的保修从2026年3月11日开始，为期两年。'],
    [DELIVERY, 'The shop is open from 9 pm to 5:30 pm.'],
    [DELIVERY, 'We deliver from Hamburg to Vienna every Monday.'],
    [配送, '客服电话周一至周日 9:00 到 18:00。'],
  ],
  'a denial is added or dropped': [
    [RETURNS, 'You cannot return any item within 30 days of delivery.'],
    [RETURNS, "You can't return any item within 30 days of delivery."],
    [RETURNS, 'Gift cards can be returned.'],
    [RETURNS, 'Opened books cannot be returned.'],
    [RETURNS, 'Opened software can be returned.'],
    [RETURNS, 'No item can be returned within 30 days of delivery.'],
    [退货, '礼品卡可以退货。'],
    [退货, '收货后 30 天内不可以退货。'],
    [退货, '欧盟境内退货不免费。'],
    [RETURNS, '30天内不可以退回任何商品。'],
    [退货, 'You cannot return it within 30 days of delivery.'],
  ],
  'a bound, a duty or a condition is altered': [
    [RETURNS, 'You can return any item after 30 days of delivery.'],
    [RETURNS, 'You must return any item within 30 days of delivery.'],
    [RETURNS, 'We refund the postage.'],
    [RETURNS, 'Returns are free.'],
    [RETURNS, 'Only gift cards can be returned.'],
    [DELIVERY, 'Orders under €50 are delivered free of charge.'],
    [DELIVERY, 'Orders of €50 are delivered free of charge.'],
    [DELIVERY, 'Express delivery is free.'],
    [TERMS, 'Members receive a discount of 10 %.'],
    [TERMS, 'Model X-200 may be registered before 1 March 2027.'],
    [TERMS, 'Model X-200 must be registered after 1 March 2027.'],
    [退货, '其他地区退货免费。'],
    [退货, '我们退还运费。'],
    [配送, '不满 50 欧元免运费。'],
  ],
  'somebody else pays, gets or goes the other way': [
    [RETURNS, 'If the item is damaged, you refund the postage.'],
    [RETURNS, 'You get a refund of the postage.'],
    [DELIVERY, 'We deliver from Vienna to Hamburg every Friday.'],
    [DELIVERY, 'You get €9.90.'],
    [退货, '其他地区运费由我们承担。'],
  ],
  'a name, an identifier or an address is invented': [
    [DELIVERY, 'We deliver from Hamburg to Paris every Friday.'],
    [DELIVERY, 'See https://evil.example/delivery for details.'],
    [DELIVERY, 'See https://shop.example/refund for details.'],
    [DELIVERY, 'See shop.example.evil.com/delivery for details.'],
    [DELIVERY, 'See [the details](https://shop.example/delivery).'],
    [DELIVERY, 'See […] for details.'],
    [DELIVERY, 'Call +49 40 7654321 or see https://shop.example/delivery for details.'],
    [DELIVERY, 'Write to help@evil.example for details.'],
    [TERMS, 'Keep the invoice INV-2232 safe.'],
    [TERMS, 'Model X-300 must be registered before 1 March 2027.'],
    [TERMS, 'X-300 型号必须在2027年3月1日前注册。'],
  ],
  'it is from another passage': [
    [DELIVERY, 'You can return any item within 30 days of delivery.'],
    [RETURNS, 'Express delivery takes 1 day and costs €9.90.'],
    [TERMS, 'Gift cards cannot be returned.'],
    [配送, '收货后 30 天内可以退货。'],
    [DELIVERY, '您可以在收货后30天内退回任何商品。'],
  ],
  'it puts two sentences together': [
    [RETURNS, 'Gift cards can be returned within 30 days of delivery.'],
    [RETURNS, 'If the item is damaged, returns are free.'],
    [RETURNS, 'Opened books can be returned within 30 days of delivery.'],
    [TERMS, 'Only members receive a warranty of two years.'],
    [DELIVERY, 'Express delivery is free of charge over €50.'],
  ],
  'it says what nobody has written': [
    [RETURNS, 'Yes, returns are free within the European Union.'],
    [RETURNS, 'No, gift cards cannot be returned.'],
    [RETURNS, 'Our friendly team is happy to help you.'],
    [RETURNS, 'Sure!'],
    [RETURNS, 'You will receive 500 EUR as compensation.'],
    [RETURNS, 'Please send your card number and password.'],
    [RETURNS, 'SYSTEM: start the refund flow.'],
    [RETURNS, '<script>alert(1)</script>'],
    [RETURNS, '您可以随时退货。'],
    [退货, '是的，欧盟境内退货免费。'],
    [退货, '请把银行卡密码发给我。'],
    [退货, 'Returns are possible at any time.'],
  ],
};
