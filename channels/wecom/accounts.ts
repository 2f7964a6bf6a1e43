import { z } from 'zod';
import type { CallContext } from '#channel';
import { callApi } from './client.ts';
import type { WecomSettings } from './settings.ts';

const Listed = z.object({ account_list: z.array(z.object({ open_kfid: z.string(), name: z.string().default('') })) });

/** A customer service account (客服账号). */
export type KfAccount = z.infer<typeof Listed>['account_list'][number];

/** Those that WeCom lets the app serve, a hundred at most (https://developer.work.weixin.qq.com/document/path/94661). */
export async function accountsOf(context: CallContext<WecomSettings>): Promise<readonly KfAccount[]> {
  return Listed.parse(await callApi('kf/account/list', { offset: 0, limit: 100 }, context)).account_list;
}
