/** A small library of our own texts, and ways to ask it. */
import { createKnowledge, type Knowledge, type KnowledgeSet, type Question } from '../../src/knowledge/knowledge.ts';
import type { Document } from '../../src/knowledge/reading.ts';

export const NOW = Date.UTC(2026, 10, 21, 10);

export function setOf(over: Partial<KnowledgeSet> = {}): KnowledgeSet {
  return { name: 'help', threshold: 0.45, mayLink: (host) => host === 'shop.example', ...over };
}

export function library(...sets: readonly Partial<KnowledgeSet>[]): Knowledge {
  const defined = (sets.length === 0 ? [{}] : sets).map(setOf);
  return createKnowledge({ sets: defined, locales: ['en', 'zh'], timezone: 'Europe/Berlin' });
}

export function page(id: string, text: string, over: Partial<Document> = {}): Document {
  return { id, kind: 'markdown', text, ...over };
}

export function ask(query: string, over: Partial<Question> = {}): Question {
  return { query, locale: /\p{Script=Han}/u.test(query) ? 'zh' : 'en', at: NOW, ...over };
}

export const RETURNS = `---
title: Returns policy
url: https://shop.example/returns
---
# Returns
## How long do I have to return something?
<!-- also: return period, how many days -->
You can return any item within 30 days of delivery.

## Who pays for a return?
Returns are free within the European Union. Elsewhere the parcel costs you what the post takes.
`;

export const 退货 = `# 退货政策
## 多久可以退货？
收货后 30 天内可以退货。

## 退货要付费吗？
欧盟境内退货免费。
`;
