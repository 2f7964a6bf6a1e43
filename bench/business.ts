/** The world behind the flows, in process and the same for every contestant, so that it costs nobody more than another. */
export type Order = {
  readonly id: string;
  readonly status: string;
  readonly carrier: string;
  /** `2026-11-23` */
  readonly eta: string;
  readonly total: Money;
  readonly lines: readonly OrderLine[];
};

export type OrderLine = {
  readonly sku: string;
  readonly name: string;
  readonly price: Money;
};

export type Quote = {
  readonly rma: string;
  readonly refund: Money;
  readonly until: string;
  readonly label_url: string;
};

type Money = {
  readonly amount: number;
  readonly currency: string;
};

export function findOrder(id: string): Order {
  return {
    id,
    status: 'shipped',
    carrier: 'UPS',
    eta: '2026-11-23',
    total: { amount: 96.5, currency: 'EUR' },
    lines: [
      { sku: 'LMP-01', name: 'Brass lamp', price: { amount: 89, currency: 'EUR' } },
      { sku: 'BLB-27', name: 'Bulb E27', price: { amount: 7.5, currency: 'EUR' } },
    ],
  };
}

export function quoteReturn(order: string): Quote {
  return {
    rma: `RMA-${order.slice(2)}`,
    refund: { amount: 89, currency: 'EUR' },
    until: '2026-12-05',
    label_url: `https://labels.example/${order}`,
  };
}
