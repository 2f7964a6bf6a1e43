import { ParleyError, type SendError } from '#channel';
import { classifyLine, Refusal } from '../tencent/api.ts';

/** Milliseconds: "must slower retry next minute". */
const A_MINUTE = 60_000;
/** Milliseconds until a spent day is asked about again: it ends at midnight in China, or when the operator clears it. */
const A_WHILE = 10 * 60_000;

/** By WeChat's own codes (https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html). */
export function classify(error: unknown): SendError {
  // The answer to a webhook had begun to leave.
  if (error instanceof ParleyError && error.code === 'channel.passive_cut') return { kind: 'unknown' };
  if (!(error instanceof Refusal)) return classifyLine(error);
  const known = VERDICTS.get(error.errcode);
  if (known !== undefined) return known;
  if (error.status === 429) return { kind: 'rate_limited', after: A_MINUTE, scope: 'account' };
  if (error.status >= 500) return { kind: 'retryable' };
  // An answer that is none of WeChat's: whatever stands between us may have passed the message on.
  if (error.errcode === 0) return { kind: 'unknown' };
  return { kind: 'permanent', reason: 'channel.refused' };
}

const VERDICTS: ReadonlyMap<number, SendError> = new Map([
  // Busy; the picture is gone, and is uploaded anew.
  ...each([-1, 40007], { kind: 'retryable' }),
  ...each([45009], { kind: 'rate_limited', after: A_WHILE, scope: 'account' }),
  ...each([45011], { kind: 'rate_limited', after: A_MINUTE, scope: 'account' }),
  ...each([45015], { kind: 'window_closed' }),
  ...each([45047], { kind: 'quota_exhausted' }),
  // She does not follow (any more); nobody has this id; her account is frozen; she takes no such messages.
  ...each([40003, 43004, 43019, 43101, 50002], { kind: 'unreachable', reason: 'channel.unreachable' }),
  // Token, secret, app id, our network address, a permission that the account does not have.
  ...each([40001, 40002, 40013, 40014, 40125, 40164, 41001, 41002, 41004, 42001, 48001, 48004, 50001, 61004], {
    kind: 'auth',
    reason: 'channel.auth',
  }),
  // Too long, too many articles, no such template, not what a template's field takes, words that China forbids.
  ...each(
    [
      40008, 40033, 40035, 40037, 40039, 40200, 44002, 44003, 44004, 45002, 45003, 45004, 45005, 45008, 47001, 47003,
      87014,
    ],
    {
      kind: 'invalid',
      reason: 'channel.invalid_content',
    },
  ),
]);

function each(errcodes: readonly number[], verdict: SendError): [number, SendError][] {
  return errcodes.map((errcode) => [errcode, verdict]);
}
