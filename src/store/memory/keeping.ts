import type { KeptDocument, KeptFlow, KeptVector, Store } from '../store.ts';

/** What belongs to no conversation: documents that were pushed, versions of flows, how far platforms were asked. */
export function keeping(nextId: () => number) {
  const flows = new Map<string, KeptFlow>();
  const cursors = new Map<string, string>();
  /** By set and id. */
  const documents = new Map<string, KeptDocument & { readonly key: number }>();
  /** By maker and text. */
  const vectors = new Map<string, KeptVector & { readonly key: number }>();

  return {
    async keepDocument(document) {
      documents.set(`${document.set}\n${document.id}`, { ...document, key: nextId() });
    },
    dropDocument: async (set, id) => documents.delete(`${set}\n${id}`),
    documents: async (after, limit) =>
      [...documents.values()]
        .filter(({ key }) => key > after)
        .toSorted((a, b) => a.key - b.key)
        .slice(0, limit),
    async keepVectors(kept) {
      for (const one of kept) vectors.set(`${one.maker}\n${one.text}`, { ...one, key: nextId() });
    },
    vectors: async (maker, after, limit) =>
      [...vectors.values()]
        .filter((one) => one.maker === maker && one.key > after)
        .toSorted((a, b) => a.key - b.key)
        .slice(0, limit),
    async dropVectors(maker, keep) {
      const gone = [...vectors].filter(([, one]) => one.maker !== maker || !keep.has(one.text));
      for (const [key] of gone) vectors.delete(key);
      return gone.length;
    },
    cursor: async (account) => cursors.get(account),
    async keepCursor(account, cursor) {
      cursors.set(account, cursor);
    },
    async keepFlow(flow) {
      if (!flows.has(flow.hash)) flows.set(flow.hash, flow);
    },
    keptFlows: async () => [...flows.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1)),
    async dropFlow(hash) {
      flows.delete(hash);
    },
  } satisfies Partial<Store>;
}
