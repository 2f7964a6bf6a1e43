export const PURPOSES = ['kitchen', 'living', 'study', 'gift'] as const;
/** What an article is bought for. */
export type Purpose = (typeof PURPOSES)[number];

export interface Article {
  readonly sku: string;
  readonly en: string;
  readonly zh: string;
  /** Minor units of EUR; other currencies are multiples. */
  readonly price: number;
  readonly returnable: boolean;
  /** Empty: it is not sold alone. */
  readonly for: readonly Purpose[];
  /** What customers of this world often buy beside it. */
  readonly beside: readonly string[];
}

/** Sku, names, price, whether it may be sent back, what for, what beside. */
const ARTICLES: readonly [string, string, string, number, boolean, readonly Purpose[], readonly string[]][] = [
  ['KET-20', 'Steel kettle', '不锈钢水壶', 4900, true, ['kitchen'], ['TEA-11', 'MUG-04', 'TEA-12']],
  ['MUG-04', 'Stoneware mug', '陶瓷杯', 1250, true, ['kitchen', 'gift'], ['TEA-11', 'KET-20', 'MUG-05']],
  ['TEA-11', 'Green tea, 100 g', '绿茶 100 克', 890, false, ['kitchen', 'gift'], ['MUG-04', 'KET-20', 'GFT-00']],
  ['LMP-07', 'Desk lamp', '台灯', 7900, true, ['study'], ['CHR-31', 'LMP-08']],
  ['RUG-02', 'Wool rug', '羊毛地毯', 18900, true, ['living'], ['SOF-01', 'BLK-15']],
  ['CHR-31', 'Oak chair', '橡木椅', 12900, true, ['study', 'living'], ['LMP-07', 'RUG-02']],
  ['PAN-28', 'Cast-iron pan', '铸铁锅', 6400, true, ['kitchen'], ['KNF-09']],
  ['BLK-15', 'Linen blanket', '亚麻毯', 5600, true, ['living', 'gift'], ['SOF-01', 'RUG-02', 'GFT-00']],
  ['KNF-09', 'Chef knife', '主厨刀', 8900, true, ['kitchen', 'gift'], ['PAN-28']],
  ['SOF-01', 'Two-seat sofa', '双人沙发', 74900, true, ['living'], ['BLK-15', 'RUG-02']],
  ['GFT-00', 'Gift wrapping', '礼品包装', 450, false, [], ['TEA-11', 'BLK-15']],
  ['MUG-05', 'Stoneware mug, blue', '蓝色陶瓷杯', 1350, true, ['kitchen', 'gift'], ['TEA-12', 'MUG-04']],
  ['TEA-12', 'Black tea, 100 g', '红茶 100 克', 890, false, ['kitchen', 'gift'], ['MUG-05', 'KET-20']],
  ['LMP-08', 'Smart lamp', '智能灯', 9900, true, ['study', 'living'], ['LMP-07', 'CHR-31']],
  ['KET-30', 'Electric kettle', '电热水壶', 5900, true, ['kitchen'], ['TEA-12', 'MUG-05']],
];

export const CATALOGUE: readonly Article[] = ARTICLES.map(([sku, en, zh, price, returnable, purposes, beside]) => ({
  ...{ sku, en, zh, price, returnable, beside },
  for: purposes,
}));

export const RATES: Readonly<Record<string, number>> = { EUR: 1, USD: 1.1, GBP: 0.9, CNY: 7.8, CHF: 1 };

/** What something costs in another currency, in its minor units. */
export function inCurrency(minorEur: number, currency: string): number {
  return Math.round((minorEur * (RATES[currency] ?? 1)) / 10) * 10;
}

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
