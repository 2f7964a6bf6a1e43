import type { CheckContext, Finding } from '#channel';
import { Refusal } from '../tencent/api.ts';
import { accountsOf, type KfAccount } from './accounts.ts';
import type { WecomSettings } from './settings.ts';

/** Whether WeCom takes the secret, from this machine, and which customer service accounts it may serve. Which address it calls, it tells nobody. */
export async function check(context: CheckContext<WecomSettings>): Promise<readonly Finding[]> {
  const { corpId, serves } = context.settings;
  try {
    const found = await accountsOf(context);
    const missing = serves.filter((kf) => !found.some(({ open_kfid: id }) => id === kf));
    return [{ ok: true, what: `WeCom takes the secret of ${corpId}` }, served(found), ...missing.map(notOurs)];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const hint = HINTS.get(error.errcode);
    return [{ ok: false, what: `WeCom refuses us (${error.message})`, ...(hint === undefined ? {} : { hint }) }];
  }
}

function served(found: readonly KfAccount[]): Finding {
  if (found.length > 0)
    return { ok: true, what: `it may serve ${found.map(({ open_kfid: id, name }) => `${name} (${id})`).join(', ')}` };
  return {
    ok: false,
    what: 'it may serve no customer service account',
    hint: 'At work.weixin.qq.com: 微信客服 → 可调用接口的应用, and give the app an account (企业内部接入).',
  };
}

function notOurs(kf: string): Finding {
  return {
    ok: false,
    what: `it may not serve ${kf}`,
    hint: 'Compare `open_kfid` in parley.yaml with the accounts that the app manages.',
  };
}

/** All at work.weixin.qq.com. */
const HINTS = new Map([
  [40_001, 'Compare the Secret of the app with its page: 应用管理.'],
  [40_013, 'Compare `corp_id` with 企业ID: 我的企业 → 企业信息.'],
  [48_002, 'The app may not call this: 微信客服 → 可调用接口的应用.'],
  [60_020, 'Put the address that the message names on the list of 企业可信IP.'],
]);
