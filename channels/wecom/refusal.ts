import type { SendError } from '#channel';
import { classifyLine, Refusal } from '../tencent/api.ts';

/**
 * WeCom refuses an id that it has had (https://developer.work.weixin.qq.com/document/path/94677) and documents no number for it. Ours
 * are always of the right form, so all that it can hold against one is that the message is there already.
 */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Refusal && /\bmsg_?id\b/i.test(error.message);
}

/** 发送客服消息时会话状态不合法: people serve her, or nobody yet, or the session is over. */
const OUT_OF_TURN = 95_018;

export function isOutOfTurn(error: unknown): boolean {
  return error instanceof Refusal && error.errcode === OUT_OF_TURN;
}

/** Milliseconds. WeCom counts by the minute and says no more. */
const MINUTE = 60_000;

/** https://developer.work.weixin.qq.com/document/path/90313 */
export function classify(error: unknown): SendError {
  if (!(error instanceof Refusal)) return classifyLine(error);
  const known = MEANINGS.get(error.errcode);
  if (known !== undefined) return known;
  if (error.status === 429) return { kind: 'rate_limited', after: MINUTE, scope: 'account' };
  // No words of WeCom's own: a proxy's page, or an answer that was cut.
  if (error.errcode === 0 && (error.status >= 500 || error.status < 400)) return { kind: 'retryable' };
  const wrong = error.errcode >= 40_000 && error.errcode < 48_000;
  return wrong
    ? { kind: 'invalid', reason: 'channel.invalid_content' }
    : { kind: 'permanent', reason: 'channel.refused' };
}

const MEANINGS: ReadonlyMap<number, SendError> = new Map<number, SendError>([
  // 系统繁忙; 数据版本冲突
  [-1, { kind: 'retryable' }],
  [6000, { kind: 'retryable' }],
  // 接口请求次数超频; 并发超限
  [45009, { kind: 'rate_limited', after: MINUTE, scope: 'account' }],
  [45033, { kind: 'rate_limited', after: 1_000, scope: 'account' }],
  // Secret, corp id, token, right to call, address we call from, switch in the console.
  ...[40001, 40013, 40014, 41001, 42001, 48002, 60011, 60020, 95011, 95012, 95017].map(
    (code) => [code, { kind: 'auth', reason: `wecom.${code}` }] as const,
  ),
  // 发送客服消息次数限制
  [95001, { kind: 'quota_exhausted' }],
  // 发送客服消息时间限制; 会话已经结束; 不允许的状态; 会话状态不合法
  ...[95002, 95013, 95016, OUT_OF_TURN].map((code) => [code, { kind: 'window_closed' }] as const),
  // 不合法的外部联系人userid
  [40096, { kind: 'unreachable', reason: 'channel.unreachable' }],
  // 不合法的open_kfid; 不存在
  ...[95000, 95004].map((code) => [code, { kind: 'permanent', reason: 'channel.invalid_address' }] as const),
]);
