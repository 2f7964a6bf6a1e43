import { onScreen } from '../../../channels/wecom/simulator/phone.ts';
import { openSimulator } from '../../../channels/wecom/simulator.ts';
import { notConnected, type Platform, reference } from '../platform.ts';

export const wecom: Platform = {
  async open({ webhook, now, ids, secret }) {
    const [appSecret, token, aesKey] = [secret(), secret().slice(0, 32), secret().slice(0, 43)];
    // A service account of its own: the bot remembers how far it has read those of earlier starts.
    const desk = `wkPlayground${ids}`;
    const platform = await openSimulator({ now, secret: appSecret, token, aesKey, accounts: [desk] });
    return {
      simulator: onScreen(platform),
      account: {
        kind: 'wecom',
        corp_id: platform.corpId,
        secret: reference('PLAYGROUND_WECOM_SECRET'),
        token: reference('PLAYGROUND_WECOM_TOKEN'),
        aes_key: reference('PLAYGROUND_WECOM_AES_KEY'),
        open_kfid: desk,
        api_root: platform.url,
      },
      environment: {
        PLAYGROUND_WECOM_SECRET: appSecret,
        PLAYGROUND_WECOM_TOKEN: token,
        PLAYGROUND_WECOM_AES_KEY: aesKey,
      },
      async connect() {
        if (!(await platform.callbacks.connect(webhook))) throw notConnected('WeCom', webhook);
      },
    };
  },
};
