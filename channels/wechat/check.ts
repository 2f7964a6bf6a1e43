import type { CheckContext, Finding } from '#channel';
import { Refusal } from '../tencent/api.ts';
import { callApi } from './client.ts';
import type { WechatSettings } from './settings.ts';

/** Whether WeChat takes the secret, from this machine. Which address it calls, it tells nobody. */
export async function check(context: CheckContext<WechatSettings>): Promise<readonly Finding[]> {
  return [await asked(context), ...(context.settings.plaintext ? [INSECURE] : [])];
}

async function asked(context: CheckContext<WechatSettings>): Promise<Finding> {
  try {
    await callApi('/cgi-bin/get_api_domain_ip', undefined, context);
    return { ok: true, what: `WeChat takes the AppSecret of ${context.settings.appId}` };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const hint = HINTS.get(error.errcode);
    return { ok: false, what: `WeChat refuses us (${error.message})`, ...(hint === undefined ? {} : { hint }) };
  }
}

/** All at mp.weixin.qq.com, 设置与开发 → 开发接口管理 → 基本配置. */
const HINTS = new Map([
  [40_001, 'Compare the AppSecret (开发者密码).'],
  [40_013, 'Compare `app_id` with 开发者ID (AppID).'],
  [40_125, 'Compare the AppSecret (开发者密码); 重置 makes a new one.'],
  [40_164, 'Put the address that the message names on the list of IP白名单.'],
]);

const INSECURE: Finding = {
  ok: false,
  what: 'webhooks are taken whose body nobody has signed (`insecure: plaintext`)',
  hint: 'Choose 安全模式 at the platform, set `aes_key`, and take `insecure` away.',
};
