import { createHash } from 'node:crypto';

/** At most 32 bytes of `[0-9a-zA-Z_-]` (https://developer.work.weixin.qq.com/document/path/94677). */
const LONGEST = 32;

/**
 * The id that a part is sent under, made from its key: the same part again has the same id, and WeCom refuses it the second time. The
 * engine's keys (`conversation.seq.part`) fit as they are but for their dots, so that a report can be traced back; any other is hashed.
 */
export function msgidOf(key: string): string {
  const plain = key.replaceAll('.', '-');
  if (plain.length <= LONGEST && keyOf(plain) === key) return plain;
  return createHash('sha256').update(key).digest('hex').slice(0, LONGEST);
}

/** The key behind an id; `undefined`: it is hashed, or not of ours. */
export function keyOf(msgid: string): string | undefined {
  const [, conversation, seq, part] = /^([\w-]+)-(\d+)-(\d+)$/.exec(msgid) ?? [];
  return conversation === undefined ? undefined : `${conversation}.${seq}.${part}`;
}
