/**
 * The people to try: written by hand, the same in every shop, so that the README and the tests may name them.
 * Everything else in the books is made up around them.
 */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly locale: 'en' | 'zh';
  readonly currency: string;
  readonly payMethod: string;
  /** What she is good for. */
  readonly shows: string;
  /** The same in Chinese. */
  readonly shows_zh: string;
  readonly orders: readonly PersonalOrder[];
  readonly invoices: readonly PersonalInvoice[];
}

export interface PersonalOrder {
  readonly id: string;
  readonly status: 'processing' | 'packed' | 'shipped' | 'out_for_delivery' | 'delivered' | 'lost' | 'cancelled';
  /** Days from today: negative is past. Of the delivery when delivered, else of the promised day. */
  readonly day: number;
  readonly carrier: string;
  /** Articles of the catalogue by sku, the parcel they travel in counted from 1. */
  readonly lines: readonly { readonly sku: string; readonly qty: number; readonly parcel?: number }[];
}

export interface PersonalInvoice {
  readonly id: string;
  /** Months before this one. */
  readonly monthsAgo: number;
  readonly paid: boolean;
  /** Minor units. */
  readonly charges: readonly {
    readonly label: string;
    readonly amount: number;
    readonly wrong?: 'duplicate' | 'unknown';
    readonly disputed?: true;
  }[];
}

export const PEOPLE: readonly Person[] = [
  {
    id: 'C0001',
    name: 'Anna Schmidt',
    email: 'anna.schmidt@example.com',
    locale: 'en',
    currency: 'EUR',
    payMethod: 'Visa ending 4242',
    shows: 'a delivered order to return, a late parcel, a charge booked twice',
    shows_zh: '一个可退货的已送达订单、一个晚到的包裹、一笔重复扣款',
    orders: [
      {
        id: 'AB123456',
        status: 'delivered',
        day: -9,
        carrier: 'DHL',
        lines: [
          { sku: 'KET-20', qty: 1 },
          { sku: 'MUG-04', qty: 4 },
          { sku: 'TEA-11', qty: 2 },
        ],
      },
      { id: 'AB123457', status: 'shipped', day: -4, carrier: 'DHL', lines: [{ sku: 'LMP-07', qty: 1 }] },
      { id: 'AB123458', status: 'processing', day: 6, carrier: 'DHL', lines: [{ sku: 'RUG-02', qty: 1 }] },
    ],
    invoices: [
      {
        id: 'INV-100001',
        monthsAgo: 1,
        paid: false,
        charges: [
          { label: 'Home Plus plan', amount: 2990 },
          { label: 'Express delivery', amount: 990 },
          { label: 'Express delivery (2nd booking)', amount: 990, wrong: 'duplicate' },
        ],
      },
      { id: 'INV-100002', monthsAgo: 2, paid: true, charges: [{ label: 'Home Plus plan', amount: 2990 }] },
    ],
  },
  {
    id: 'C0002',
    name: '李伟',
    email: 'li.wei@example.com',
    locale: 'zh',
    currency: 'CNY',
    payMethod: '支付宝',
    shows: 'Chinese: a parcel on its way, a delivered order to return, an unknown charge',
    shows_zh: '中文客户：一个在途包裹、一个可退货的已送达订单、一笔不明扣款',
    orders: [
      { id: 'CN200001', status: 'shipped', day: 2, carrier: '顺丰速运', lines: [{ sku: 'LMP-07', qty: 2 }] },
      {
        id: 'CN200002',
        status: 'delivered',
        day: -3,
        carrier: '顺丰速运',
        lines: [
          { sku: 'MUG-04', qty: 2 },
          { sku: 'KNF-09', qty: 1 },
        ],
      },
    ],
    invoices: [
      {
        id: 'INV-100011',
        monthsAgo: 1,
        paid: false,
        charges: [
          { label: '家居会员', amount: 3900 },
          { label: '增值服务 X9', amount: 6800, wrong: 'unknown' },
        ],
      },
    ],
  },
  {
    id: 'C0003',
    name: 'James Carter',
    email: 'james.carter@example.com',
    locale: 'en',
    currency: 'USD',
    payMethod: 'PayPal',
    shows: 'orders before delivery: processing, packed, out for delivery',
    shows_zh: '送达之前的订单：处理中、已打包、派送中',
    orders: [
      { id: 'US300001', status: 'processing', day: 7, carrier: 'UPS', lines: [{ sku: 'CHR-31', qty: 4 }] },
      { id: 'US300002', status: 'packed', day: 4, carrier: 'UPS', lines: [{ sku: 'PAN-28', qty: 1 }] },
      {
        id: 'US300003',
        status: 'out_for_delivery',
        day: 0,
        carrier: 'UPS',
        lines: [
          { sku: 'BLK-15', qty: 1 },
          { sku: 'TEA-11', qty: 3 },
        ],
      },
    ],
    invoices: [{ id: 'INV-100021', monthsAgo: 1, paid: true, charges: [{ label: 'Home Plus plan', amount: 2990 }] }],
  },
  {
    id: 'C0004',
    name: '王芳',
    email: 'wang.fang@example.com',
    locale: 'zh',
    currency: 'CNY',
    payMethod: '微信支付',
    shows: 'Chinese: a lost and a cancelled order, money to get back',
    shows_zh: '中文客户：一个丢失和一个已取消的订单，有款项待退回',
    orders: [
      { id: 'CN200011', status: 'lost', day: -12, carrier: '中通快递', lines: [{ sku: 'BLK-15', qty: 1 }] },
      { id: 'CN200012', status: 'cancelled', day: -2, carrier: '中通快递', lines: [{ sku: 'TEA-11', qty: 5 }] },
    ],
    invoices: [
      {
        id: 'INV-100031',
        monthsAgo: 1,
        paid: false,
        charges: [
          { label: '家居会员', amount: 3900 },
          { label: '上门安装', amount: 12000 },
          { label: '上门安装（第 2 笔）', amount: 12000, wrong: 'duplicate' },
        ],
      },
    ],
  },
  {
    id: 'C0005',
    name: 'Maria Rossi',
    email: 'maria.rossi@example.com',
    locale: 'en',
    currency: 'EUR',
    payMethod: 'Mastercard ending 5100',
    shows: 'return windows: one closed for a change of mind, one closed for good',
    shows_zh: '退货期限：一个已不能无理由退货，一个已完全过期',
    orders: [
      { id: 'IT500001', status: 'delivered', day: -60, carrier: 'GLS', lines: [{ sku: 'PAN-28', qty: 1 }] },
      { id: 'IT500002', status: 'delivered', day: -200, carrier: 'GLS', lines: [{ sku: 'MUG-04', qty: 6 }] },
    ],
    invoices: [
      { id: 'INV-100041', monthsAgo: 1, paid: false, charges: [{ label: 'Home Plus plan', amount: 2990 }] },
      {
        id: 'INV-100042',
        monthsAgo: 3,
        paid: false,
        charges: [
          { label: 'Home Plus plan', amount: 2990 },
          { label: 'Reminder fee', amount: 500 },
        ],
      },
    ],
  },
  {
    id: 'C0006',
    name: 'Emma Thompson',
    email: 'emma.thompson@example.com',
    locale: 'en',
    currency: 'GBP',
    payMethod: 'Visa ending 9001',
    shows: 'a return so dear that a human decides, a charge so high that a human looks',
    shows_zh: '一笔金额高到需人工决定的退货、一笔金额高到需人工查看的扣款',
    orders: [
      {
        id: 'GB600001',
        status: 'delivered',
        day: -8,
        carrier: 'Royal Mail',
        lines: [
          { sku: 'SOF-01', qty: 1 },
          { sku: 'RUG-02', qty: 1 },
        ],
      },
    ],
    invoices: [
      {
        id: 'INV-100051',
        monthsAgo: 1,
        paid: false,
        charges: [
          { label: 'Home Plus plan', amount: 2990 },
          { label: 'Furniture assembly', amount: 24900, wrong: 'unknown' },
        ],
      },
    ],
  },
  {
    id: 'C0007',
    name: '陈洁',
    email: 'chen.jie@example.com',
    locale: 'zh',
    currency: 'CNY',
    payMethod: '招商银行 尾号 6225',
    shows: 'Chinese: one order in two parcels, the second still on its way and late',
    shows_zh: '中文客户：一个订单分两个包裹，第二个仍在途且晚到',
    orders: [
      {
        id: 'CN200021',
        status: 'shipped',
        day: -3,
        carrier: '京东物流',
        lines: [
          { sku: 'CHR-31', qty: 2, parcel: 1 },
          { sku: 'LMP-07', qty: 1, parcel: 2 },
        ],
      },
    ],
    invoices: [{ id: 'INV-100061', monthsAgo: 1, paid: true, charges: [{ label: '家居会员', amount: 3900 }] }],
  },
  {
    id: 'C0008',
    name: 'Noah Williams',
    email: 'noah.williams@example.com',
    locale: 'en',
    currency: 'USD',
    payMethod: 'Visa ending 1881',
    shows: 'a new customer: no orders, no invoices',
    shows_zh: '新客户：没有订单，也没有账单',
    orders: [],
    invoices: [],
  },
  {
    id: 'C0009',
    name: 'Sophie Martin',
    email: 'sophie.martin@example.com',
    locale: 'en',
    currency: 'EUR',
    payMethod: 'Carte Bleue ending 7734',
    shows: 'no open order, a charge that is already disputed, an article that cannot be sent back',
    shows_zh: '没有进行中的订单、一笔已提出异议的扣款、一件不可退的商品',
    orders: [
      {
        id: 'FR900001',
        status: 'delivered',
        day: -10,
        carrier: 'La Poste',
        lines: [
          { sku: 'KNF-09', qty: 1 },
          { sku: 'GFT-00', qty: 1 },
        ],
      },
    ],
    invoices: [
      {
        id: 'INV-100081',
        monthsAgo: 1,
        paid: false,
        charges: [
          { label: 'Home Plus plan', amount: 2990 },
          { label: 'Premium support', amount: 1490, wrong: 'unknown', disputed: true },
        ],
      },
    ],
  },
  {
    id: 'C0010',
    name: '张敏',
    email: 'zhang.min@example.com',
    locale: 'zh',
    currency: 'CNY',
    payMethod: '支付宝',
    shows: 'Chinese: a parcel arriving today, a bill with a wrong amount',
    shows_zh: '中文客户：一个今天送达的包裹、一张金额有误的账单',
    orders: [
      { id: 'CN200031', status: 'out_for_delivery', day: 0, carrier: '圆通速递', lines: [{ sku: 'KET-20', qty: 1 }] },
      {
        id: 'CN200032',
        status: 'delivered',
        day: -20,
        carrier: '圆通速递',
        lines: [
          { sku: 'BLK-15', qty: 1 },
          { sku: 'PAN-28', qty: 2 },
        ],
      },
    ],
    invoices: [
      {
        id: 'INV-100091',
        monthsAgo: 1,
        paid: false,
        charges: [
          { label: '家居会员', amount: 3900 },
          { label: '加急配送', amount: 1500 },
          { label: '加急配送（第 2 笔）', amount: 1500, wrong: 'duplicate' },
        ],
      },
    ],
  },
];
