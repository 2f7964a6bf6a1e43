import { onScreen } from '../../../channels/wechat/simulator/phone.ts';
import { openSimulator } from '../../../channels/wechat/simulator.ts';
import { type Platform, reference } from '../platform.ts';

export const wechat: Platform = {
  async open({ webhook, now, ids, secret }) {
    // As long as WeChat makes them.
    const [appSecret, token, aesKey] = [secret().slice(0, 32), secret().slice(0, 32), secret().slice(0, 43)];
    const platform = await openSimulator({ webhook: () => webhook, now, ids, appSecret, token, aesKey });
    const { appId, originalId } = platform.world.account;
    return {
      simulator: onScreen(platform),
      account: {
        kind: 'wechat',
        app_id: appId,
        original_id: originalId,
        app_secret: reference('PLAYGROUND_WECHAT_SECRET'),
        token: reference('PLAYGROUND_WECHAT_TOKEN'),
        aes_key: reference('PLAYGROUND_WECHAT_AES_KEY'),
        api_root: platform.url,
      },
      environment: {
        PLAYGROUND_WECHAT_SECRET: appSecret,
        PLAYGROUND_WECHAT_TOKEN: token,
        PLAYGROUND_WECHAT_AES_KEY: aesKey,
      },
    };
  },
};
