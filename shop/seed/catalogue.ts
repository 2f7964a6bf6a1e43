export interface Article {
  readonly sku: string;
  readonly en: string;
  readonly zh: string;
  /** Minor units of EUR; other currencies are multiples. */
  readonly price: number;
  readonly returnable: boolean;
}

export const CATALOGUE: readonly Article[] = [
  { sku: 'KET-20', en: 'Steel kettle', zh: '不锈钢水壶', price: 4900, returnable: true },
  { sku: 'MUG-04', en: 'Stoneware mug', zh: '陶瓷杯', price: 1250, returnable: true },
  { sku: 'TEA-11', en: 'Green tea, 100 g', zh: '绿茶 100 克', price: 890, returnable: false },
  { sku: 'LMP-07', en: 'Desk lamp', zh: '台灯', price: 7900, returnable: true },
  { sku: 'RUG-02', en: 'Wool rug', zh: '羊毛地毯', price: 18900, returnable: true },
  { sku: 'CHR-31', en: 'Oak chair', zh: '橡木椅', price: 12900, returnable: true },
  { sku: 'PAN-28', en: 'Cast-iron pan', zh: '铸铁锅', price: 6400, returnable: true },
  { sku: 'BLK-15', en: 'Linen blanket', zh: '亚麻毯', price: 5600, returnable: true },
  { sku: 'KNF-09', en: 'Chef knife', zh: '主厨刀', price: 8900, returnable: true },
  { sku: 'SOF-01', en: 'Two-seat sofa', zh: '双人沙发', price: 74900, returnable: true },
  { sku: 'GFT-00', en: 'Gift wrapping', zh: '礼品包装', price: 450, returnable: false },
];

export const RATES: Readonly<Record<string, number>> = { EUR: 1, USD: 1.1, GBP: 0.9, CNY: 7.8, CHF: 1 };
export const CARRIERS: Readonly<Record<string, readonly string[]>> = {
  EUR: ['DHL', 'GLS', 'La Poste'],
  USD: ['UPS', 'FedEx', 'USPS'],
  GBP: ['Royal Mail', 'DPD'],
  CNY: ['顺丰速运', '中通快递', '圆通速递', '京东物流'],
  CHF: ['Swiss Post'],
};
export const PAY_METHODS: Readonly<Record<string, readonly string[]>> = {
  EUR: ['Visa ending 4111', 'PayPal', 'SEPA direct debit'],
  USD: ['Visa ending 4111', 'PayPal', 'Apple Pay'],
  GBP: ['Visa ending 4111', 'PayPal'],
  CNY: ['支付宝', '微信支付', '银联 尾号 8821'],
  CHF: ['TWINT', 'Visa ending 4111'],
};
export const FIRST_NAMES = [
  'Olivia',
  'Liam',
  'Amelia',
  'Lucas',
  'Mia',
  'Ethan',
  'Lena',
  'Marco',
  'Chloe',
  'Jonas',
  'Freya',
  'Hugo',
  'Ines',
  'Oscar',
  'Nora',
  'Paul',
];
export const LAST_NAMES = [
  'Baker',
  'Fischer',
  'Dubois',
  'Romano',
  'Novak',
  'Evans',
  'Garcia',
  'Keller',
  'Walsh',
  'Nielsen',
  'Moreau',
  'Clark',
  'Weber',
  'Silva',
];
export const ZH_SURNAMES: readonly (readonly [zh: string, pinyin: string])[] = [
  ['赵', 'zhao'],
  ['钱', 'qian'],
  ['孙', 'sun'],
  ['周', 'zhou'],
  ['吴', 'wu'],
  ['郑', 'zheng'],
  ['刘', 'liu'],
  ['黄', 'huang'],
  ['林', 'lin'],
  ['何', 'he'],
];
export const ZH_GIVEN: readonly (readonly [zh: string, pinyin: string])[] = [
  ['强', 'qiang'],
  ['丽', 'li'],
  ['磊', 'lei'],
  ['静', 'jing'],
  ['涛', 'tao'],
  ['娜', 'na'],
  ['勇', 'yong'],
  ['艳', 'yan'],
  ['军', 'jun'],
  ['雪', 'xue'],
];
export const CHARGES: readonly (readonly [en: string, zh: string, minorEur: number])[] = [
  ['Express delivery', '加急配送', 990],
  ['Gift wrapping', '礼品包装', 450],
  ['Assembly', '上门安装', 3900],
  ['Premium support', '高级客服', 1490],
  ['Extended warranty', '延长保修', 2200],
];
