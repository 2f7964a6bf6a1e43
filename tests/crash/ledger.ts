/** What was seen from outside while a deployment was killed again and again, and what its store says afterwards. */
export interface Ledger {
  /** In the order in which they were acknowledged, per conversation. */
  readonly acknowledged: readonly { readonly conversation: string; readonly key: string }[];
  /** The committed turns of each conversation, in order: the count in its state, and the key that it answered. */
  readonly turns: readonly { readonly conversation: string; readonly count: number; readonly key: string }[];
  /** What reached the platform, in order, without what it had seen under the same key before. */
  readonly delivered: readonly {
    readonly conversation: string;
    readonly seq: number;
    readonly address: string;
    readonly text: string;
  }[];
  /** Stand in everything that is said to one customer, and in nothing that is said to another: their addresses. */
  readonly canaries: readonly string[];
  /** What was committed to be said. */
  readonly said: readonly { readonly conversation: string; readonly seq: number }[];
  /** How often each write was executed at the business, which tells writes apart by their key; every one that was asked for is here. */
  readonly writes: Readonly<Record<string, number>>;
  /** Writes that were asked for again under their key, because a kill came between asking and hearing. */
  readonly repeated: number;
  readonly timers: readonly {
    readonly conversation: string;
    readonly id: string;
    readonly due: number;
    readonly firedAt: number;
  }[];
  /** Timers that had been set. */
  readonly timersSet: number;
  /** Inbox, held effects: what is still open after everything came to rest. */
  readonly open: number;
}

/** The promises of the engine that this ledger breaks; none when all is well. Pure, linear in the ledger's length. */
export function check(ledger: Ledger): string[] {
  return [
    ...everyAcknowledgedOnce(ledger),
    ...inOrderWithoutGaps(ledger),
    ...everythingSaidArrivedInOrder(ledger),
    ...nothingLeaked(ledger),
    ...writesOnce(ledger),
    ...timersOnce(ledger),
    ...(ledger.open === 0 ? [] : [`I8: ${ledger.open} still open`]),
  ];
}

function everyAcknowledgedOnce({ acknowledged, turns }: Ledger): string[] {
  const count = new Map<string, number>();
  for (const { conversation, key } of turns) {
    const name = `${conversation} ${key}`;
    count.set(name, (count.get(name) ?? 0) + 1);
  }
  const lost = acknowledged
    .filter(({ conversation, key }) => !count.has(`${conversation} ${key}`))
    .map(({ conversation, key }) => `I1: ${conversation} ${key} was acknowledged and has no turn`);
  const twice = [...count]
    .filter(([, times]) => times > 1)
    .map(([name, times]) => `I1: ${name} was turned ${times} times`);
  return [...lost, ...twice];
}

function inOrderWithoutGaps({ acknowledged, turns }: Ledger): string[] {
  const wrong: string[] = [];
  const position = new Map(turns.map(({ conversation, key }, index) => [`${conversation} ${key}`, index]));
  const last = new Map<string, number>();
  for (const { conversation, key } of acknowledged) {
    const at = position.get(`${conversation} ${key}`);
    if (at === undefined) continue;
    if (at < (last.get(conversation) ?? -1)) wrong.push(`I2: ${conversation} ${key} was turned before an earlier one`);
    last.set(conversation, at);
  }
  const counters = new Map<string, number>();
  for (const { conversation, count } of turns) {
    const before = counters.get(conversation) ?? 0;
    if (count !== before + 1) wrong.push(`I3: ${conversation} counts ${count} after ${before}`);
    counters.set(conversation, count);
  }
  return wrong;
}

function everythingSaidArrivedInOrder({ said, delivered }: Ledger): string[] {
  const arrived = new Set(delivered.map(({ conversation, seq }) => `${conversation} ${seq}`));
  const lost = said
    .filter(({ conversation, seq }) => !arrived.has(`${conversation} ${seq}`))
    .map(({ conversation, seq }) => `I4: ${conversation} ${seq} never arrived`);
  const wrong: string[] = [];
  const last = new Map<string, number>();
  for (const { conversation, seq } of delivered) {
    const before = last.get(conversation) ?? 0;
    if (seq === before) wrong.push(`I4: ${conversation} ${seq} arrived twice, under two keys`);
    if (seq < before) wrong.push(`I4: ${conversation} ${seq} arrived after ${before}`);
    last.set(conversation, seq);
  }
  return [...lost, ...wrong];
}

function nothingLeaked({ delivered, canaries }: Ledger): string[] {
  return delivered.flatMap(({ address, text }) =>
    canaries
      .filter((canary) => text.includes(canary) !== (canary === address))
      .map((canary) => `I5: ${address} was told ${JSON.stringify(text)}, where ${canary} is wrong or missing`),
  );
}

function writesOnce({ writes }: Ledger): string[] {
  return Object.entries(writes)
    .filter(([, times]) => times !== 1)
    .map(([key, times]) => `I6: the write ${key} was executed ${times} times`);
}

function timersOnce({ timers, timersSet }: Ledger): string[] {
  const early = timers
    .filter(({ due, firedAt }) => firedAt < due)
    .map(({ conversation, id }) => `I7: ${conversation} ${id} went off early`);
  const names = timers.map(({ conversation, id }) => `${conversation} ${id}`);
  const twice = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `I7: ${name} went off twice`);
  const missing =
    new Set(names).size < timersSet ? [`I7: ${timersSet - new Set(names).size} timers never went off`] : [];
  return [...early, ...twice, ...missing];
}
