/** How a platform's window is drawn; its colours are in `looks.css` under the same name. */
export interface Look {
  readonly name: Readonly<Record<'en' | 'zh', string>>;
  readonly frame: 'phone' | 'window';
  /** What stands under the bot's name. */
  readonly line: Readonly<Record<'en' | 'zh', string>>;
  /** The words by which somebody opts out there. */
  readonly stop?: string;
  /** The app does not tell whose language it is: the bot begins in this one. */
  readonly begins?: 'zh';
}

const LOOKS: Readonly<Record<string, Look>> = {
  web: { name: words('Web chat', '网页聊天'), frame: 'window', line: words('northwind.example', 'northwind.example') },
  sms: { name: words('SMS', '短信'), frame: 'phone', line: words('Text message', '短信'), stop: 'STOP' },
  telegram: { name: words('Telegram', 'Telegram'), frame: 'phone', line: words('bot', '机器人') },
  wechat: { name: words('WeChat', '微信'), frame: 'phone', line: words('Official Account', '公众号'), begins: 'zh' },
  wecom: {
    name: words('WeCom', '企业微信'),
    frame: 'phone',
    line: words('Customer service', '微信客服'),
    begins: 'zh',
  },
  slack: { name: words('Slack', 'Slack'), frame: 'window', line: words('Direct message', '私信') },
  teams: { name: words('Teams', 'Teams'), frame: 'window', line: words('Chat', '聊天') },
  directline: {
    name: words('Direct Line', 'Direct Line'),
    frame: 'window',
    line: words('A client of your own', '自建客户端'),
  },
};

/** A platform that has no look of its own yet is a plain window. */
export function lookOf(kind: string): Look {
  return LOOKS[kind] ?? { name: words(kind, kind), frame: 'window', line: words('', '') };
}

/** In the order of the page. */
export const ORDER: readonly string[] = Object.keys(LOOKS);

function words(en: string, zh: string): Look['line'] {
  return { en, zh };
}
