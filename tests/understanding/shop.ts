/** A small bot to understand for: three flows, and the questions they ask. */
import { type Catalogue, createUnderstanding } from '../../src/understanding/embedded.ts';
import type { ChoiceView, Context, Question, SlotView } from '../../src/understanding/understanding.ts';

export const orderId: SlotView = { name: 'order_id', type: { kind: 'string' }, pattern: '^[A-Z]{2}[0-9]{6}$' };

export const reasons: readonly ChoiceView[] = [
  { value: 'damaged', labels: ['It is damaged', '商品损坏'] },
  { value: 'wrong_item', labels: ['Wrong item', '发错商品'] },
  { value: 'not_as_described', labels: ['Not as described', '与描述不符'] },
  { value: 'changed_mind', labels: ['I changed my mind', '不想要了'] },
];

export const reason: SlotView = {
  name: 'reason',
  type: { kind: 'enum', values: ['damaged', 'wrong_item', 'not_as_described', 'changed_mind'] },
  choices: reasons,
};

const Line = {
  kind: 'object',
  name: 'Line',
  fields: { sku: { kind: 'string' }, qty: { kind: 'integer' } },
} as const;

export const mug = { sku: 'M', qty: 3 };
export const lamp = { sku: 'L', qty: 1 };
export const shirt = { sku: 'T', qty: 1 };

export const lines: SlotView = {
  name: 'lines',
  type: { kind: 'list', of: Line },
  choices: [
    { value: mug, labels: ['Mug × 3', '杯子 × 3'] },
    { value: lamp, labels: ['Desk lamp × 1', '台灯 × 1'] },
    { value: shirt, labels: ['Red T-shirt × 1', '红色T恤 × 1'] },
  ],
};

export const catalogue: Catalogue = {
  locales: ['en', 'zh'],
  flows: [
    {
      name: 'order_status',
      description: 'Customer asks where an order is, when it arrives, or why it is late',
      examples: {
        en: ['where is my order', 'track my parcel', "it still hasn't arrived"],
        zh: ['我的订单到哪了', '查物流', '快递怎么还没到'],
      },
      slots: [orderId],
    },
    {
      name: 'returns',
      description: 'Customer wants to send back all or part of an order and get a refund',
      examples: { en: ['return my order', 'send this back', 'wrong size'], zh: ['退货', '我要退款', '尺码不对'] },
      slots: [orderId, reason],
    },
    {
      name: 'billing_dispute',
      description: 'Customer says a charge on a bill is wrong or unknown',
      examples: {
        en: ['wrong charge', 'why is my bill so high', "I didn't buy this"],
        zh: ['账单不对', '多扣钱了', '为什么扣费'],
      },
    },
  ],
};

export const understanding = createUnderstanding(catalogue);

/** Saturday, 21 November 2026, 11:00 in Berlin. */
export const NOW = Date.UTC(2026, 10, 21, 10);

export const idle: Context = { locale: 'en', now: NOW, timezone: 'Europe/Berlin', known: [], busy: false };

export function asked(
  slot: SlotView,
  more: Partial<Question & Pick<Context, 'known' | 'locale' | 'timezone'>> = {},
): Context {
  const { confirm = false, optional = false, known = [], locale = 'en', timezone = 'Europe/Berlin' } = more;
  return { ...idle, locale, timezone, busy: true, known, question: { ...slot, confirm, optional } };
}
