/** A small shop: enough flows to meet each other in every way. */
import type { Json } from '../../src/type.ts';
import { type BotSetting, botOf, Talk, type TalkSetting } from '../support/flows.ts';

export const connectors = `
connectors:
  identity:
    verify: {effect: read, in: {code: string}, out: {ok: boolean, customer_id: string}, authenticates: {when: ok, customer: customer_id}}
  orders:
    find: {effect: read, in: {number: string}, out: Order?, errors: [hidden]}
    fee: {effect: read, in: {lines: list<Line>}, out: {fee: money}}
  returns:
    create: {effect: write, in: {number: string, lines: list<Line>, reason: string}, out: {rma: string}, errors: [closed]}
types:
  Line: {sku: string, name: string, qty: integer, price: money}
  Order: {id: string, lines: list<Line>}
`;

export const back = `
flow: back
title: {en: Send something back, zh: 退货}
description: Sends articles back
triggers: {examples: {en: [send it back], zh: [我要退货]}}
slots:
  number: {type: string, pattern: "^[A-Z]{2}[0-9]{4}$"}
  lines: {type: list<Line>, min: 1}
  reason: enum(broken,late)
  note: text
steps:
  - collect: number
    ask: {en: Which order?, zh: 哪个订单？}
  - action: orders.find
    with: {number: =number}
    as: order
  - if: order == null
    then: [say: {en: No such order., zh: 没有这个订单。}, end: not_found]
  - collect: reason
    ask: {en: Why?, zh: 为什么？}
    choices: {broken: {en: It broke, zh: 坏了}, late: {en: Too late, zh: 太晚}}
  - collect: lines
    ask: {en: Which articles?, zh: 哪些商品？}
    choices_from: order.lines
    choice_label: {en: "{item.name}", zh: "{item.name}"}
    validate:
      - if: "lines.all(l, order.lines.exists(o, o.sku == l.sku && l.qty <= o.qty))"
        else: {en: Not so many., zh: 太多了。}
  - collect: note
    ask: {en: Anything else to say?, zh: 还有什么？}
    optional: true
  - action: orders.fee
    with: {lines: =lines}
    as: cost
  - confirm: go
    ask: {en: "Send back {lines, plural, one {# article} other {# articles}} for {cost.fee}?", zh: "退回吗？费用 {cost.fee}"}
    binds: [number, lines, reason, cost.fee]
    no: [end: declined]
  - action: returns.create
    with: {number: =number, lines: =lines, reason: =reason}
    confirmed_by: go
    as: made
  - say: {en: "Your return is {made.rma}.", zh: "退货单 {made.rma}。"}
  - wait: {event: parcel.received, match: {rma: =made.rma}, timeout: 21d}
    as: parcel
    reminders: [{after: 7d, say: {en: "Do not forget {made.rma}.", zh: "别忘了 {made.rma}。"}}]
    on_timeout: [end: expired]
  - say: {en: "We have {made.rma}.", zh: "已收到 {made.rma}。"}
  - end: resolved
`;

export const login = `
flow: login
callable_only: true
outputs: {customer_id: string}
slots:
  code: {type: string, pattern: "^[0-9]{6}$", sensitive: secret, prefill: never}
steps:
  - if: session.customer_id != null
    then: [return: {customer_id: =session.customer_id}]
  - id: ask_code
    collect: code
    ask: {en: What is the code?, zh: 验证码？}
    invalid: {en: Six digits., zh: 六位数字。}
    on_fail: {end: escalated}
  - action: identity.verify
    with: {code: =code}
    as: check
  - if: check.ok == false
    then:
      - set: {code: null}
      - say: {en: Wrong code., zh: 不对。}
      - next: ask_code
        max: 2
        on_fail: {end: escalated}
  - return: {customer_id: =check.customer_id}
`;

export const points = `
flow: points
title: {en: My points, zh: 我的积分}
description: Tells the points
triggers: {examples: {en: [how many points do I have], zh: [我有多少积分]}}
slots: {card: "enum(gold,blue)"}
steps:
  - call: login
    as: me
  - collect: card
    ask: {en: Which card?, zh: 哪张卡？}
  - say: {en: "{me.customer_id} has 10 points.", zh: "{me.customer_id} 有 10 分。"}
  - end: resolved
`;

export const discount = `
flow: discount
title: {en: Ask for a discount, zh: 申请优惠}
description: Asks for a discount
triggers: {examples: {en: [I want a discount], zh: [我要优惠]}, events: [cart.abandoned]}
inputs: {amount: integer?}
slots: {amount: {type: integer, min: 1, max: 50}}
steps:
  - collect: amount
    ask: {en: How much?, zh: 多少？}
  - handoff: {mode: approval, queue: sales, reason: discount, attach: [amount], declined: [say: {en: Sorry no., zh: 抱歉。}, end: refused]}
  - say: {en: "{amount} off.", zh: "减 {amount}。"}
  - end: resolved
`;

export const mug = { sku: 'M', name: 'Mug', qty: 2, price: { amount: 5, currency: 'EUR' } };
export const lamp = { sku: 'L', name: 'Lamp', qty: 1, price: { amount: 30, currency: 'EUR' } };

export const stubs: NonNullable<TalkSetting['stubs']> = {
  'identity.verify': ({ args }) => ({
    ok: args.code === '123456',
    customer_id: args.code === '123456' ? 'anna' : '',
  }),
  'orders.find': ({ args }): Json => (args.number === 'ZZ0000' ? null : { id: args.number ?? '', lines: [mug, lamp] }),
  'orders.fee': ({ args }) => ({ fee: { amount: ((args.lines ?? []) as readonly Json[]).length, currency: 'EUR' } }),
  'returns.create': (_call, count) => ({ rma: `R${count}` }),
};

export const flows = [back, login, points, discount];

export const shopBot = (setting: BotSetting = {}) => botOf(flows, { connectors, locales: ['en', 'zh'], ...setting });

export function visit(setting: TalkSetting & { bot?: BotSetting } = {}): Talk {
  return new Talk(shopBot(setting.bot), { stubs, ...setting });
}

/** Stands before the confirmation. */
export function asked(setting: Parameters<typeof visit>[0] = {}): Talk {
  return visit(setting).start('back', { number: 'AB1234', reason: 'late' }).tap('Mug').command({ do: 'skip' });
}

/** Waits for the parcel. */
export function sent(setting: Parameters<typeof visit>[0] = {}): Talk {
  return asked(setting).tap('Yes');
}
