import { openSimulator as openSlack } from '../../channels/slack/simulator.ts';
import { openSimulator as openSms } from '../../channels/sms/simulator.ts';
import { openSimulator as openTeams } from '../../channels/teams/simulator.ts';
import { openSimulator as openTelegram } from '../../channels/telegram/simulator.ts';
import { openSimulator as openWechat } from '../../channels/wechat/simulator.ts';
import { openSimulator as openWecom } from '../../channels/wecom/simulator.ts';
import * as slack from '../channels/slack/account.ts';
import * as sms from '../channels/sms/account.ts';
import * as teams from '../channels/teams/account.ts';
import * as telegram from '../channels/telegram/account.ts';
import * as wechat from '../channels/wechat/account.ts';
import * as wecom from '../channels/wecom/account.ts';
import { until } from '../journeys/process.ts';
import { DirectlineVisitor, WebVisitor } from './visitor.ts';

/** One channel as a killed bot meets it. */
export interface Platform {
  readonly name: string;
  /** What becomes of a message that the platform took and that was not recorded before the kill. */
  readonly taken: /** Sent again under its key, by which the platform knows it. */
    | 'repeated'
    /** `unknown`, and never sent again by itself. */
    | 'unknown'
    /** As `unknown`, and then the platform's own report tells. */
    | 'reported'
    /** Nothing is sent: customers come for it. */
    | 'fetched';
  /** All that one turn says goes in one call. */
  readonly merges?: true;
  /** Its calls are answered with what the bot says: who has no answer has not heard it either. */
  readonly passive?: true;
  open(bot: Bot): Promise<Stand>;
}

/** As much of the bot as a platform sees. */
export interface Bot {
  /** Where it is, once it has been there for the first time; it comes back to the same place. */
  url(): string;
  /** What a platform waits for between two tries: that the bot is there. */
  pause(): Promise<void>;
}

/** A platform's stand-in with one customer. */
export interface Stand {
  /** As `parley.yaml` has it, with the secrets that it names. */
  readonly account: { readonly kind: string; readonly [setting: string]: unknown };
  readonly environment: Readonly<Record<string, string>>;
  /** The bot is listening: what an operator does then, and what comes back by itself. */
  connect?(): Promise<void> | void;
  /** She writes; whoever is between delivers until it is taken. */
  say(word: string): void;
  readonly heard: readonly string[];
  /** All that is under way has been taken. */
  settled(): Promise<void>;
  close(): Promise<void> | void;
}

/** As Twilio is told it, and signs it. */
const WEBHOOK = 'https://bot.example/channels/it';

/** Every channel that ships, by every way in which it receives. */
export const PLATFORMS: readonly Platform[] = [
  {
    name: 'sms',
    taken: 'reported',
    async open({ url, pause }) {
      const twilio = await openSms({ webhook: WEBHOOK, reach: url, sleep: pause });
      const phone = twilio.phone('+14155552671');
      return {
        account: {
          kind: 'sms',
          account_sid: twilio.accountSid,
          auth_token: sms.reference('TWILIO_AUTH_TOKEN'),
          from: twilio.number,
          webhook: WEBHOOK,
          api_root: twilio.url,
        },
        environment: { TWILIO_AUTH_TOKEN: twilio.authToken },
        say: (word) => void phone.say(word),
        get heard() {
          return phone.heard;
        },
        settled: () => twilio.deliveries.settled(),
        close: () => twilio.close(),
      };
    },
  },
  ...(['webhook', 'polling'] as const).map(
    (receive): Platform => ({
      name: `telegram, ${receive}`,
      taken: 'unknown',
      async open({ url, pause }) {
        const platform = await openTelegram({ token: telegram.TOKEN, sleep: pause });
        const anna = platform.customer();
        return {
          account: {
            kind: 'telegram',
            token: telegram.reference('TELEGRAM_TOKEN'),
            secret: telegram.reference('TELEGRAM_SECRET'),
            receive,
            username: platform.world.bot.username,
            api_root: platform.url,
          },
          environment: { TELEGRAM_TOKEN: telegram.TOKEN, TELEGRAM_SECRET: telegram.SECRET },
          connect() {
            if (receive === 'polling') return;
            platform.deliveries.setWebhook({ url: `${url()}/channels/it`, secret: telegram.SECRET }, false);
          },
          say: (word) => void anna.say(word),
          get heard() {
            return anna.heard;
          },
          settled: () => platform.deliveries.settled(),
          close: () => platform.close(),
        };
      },
    }),
  ),
  ...(['webhook', 'socket'] as const).map(
    (receive): Platform => ({
      name: `slack, ${receive}`,
      taken: 'unknown',
      async open({ url, pause }) {
        const platform = await openSlack({ sleep: pause });
        const anna = platform.member({ name: 'anna' });
        return {
          account: {
            kind: 'slack',
            bot_token: slack.reference('SLACK_BOT_TOKEN'),
            signing_secret: slack.reference('SLACK_SIGNING_SECRET'),
            app_token: slack.reference('SLACK_APP_TOKEN'),
            receive,
            api_root: platform.url,
          },
          environment: {
            SLACK_BOT_TOKEN: slack.BOT_TOKEN,
            SLACK_APP_TOKEN: slack.APP_TOKEN,
            SLACK_SIGNING_SECRET: slack.SECRET,
          },
          async connect() {
            if (receive === 'webhook') platform.deliveries.setWebhook(`${url()}/channels/it`);
            else await until(() => platform.sockets.connections > 0, 'a socket of the bot');
          },
          say: (word) => void anna.say(word),
          get heard() {
            return anna.heard;
          },
          settled: () => platform.deliveries.settled(),
          close: () => platform.close(),
        };
      },
    }),
  ),
  {
    name: 'teams',
    taken: 'unknown',
    async open({ url, pause }) {
      const platform = await openTeams({ sleep: pause });
      const anna = platform.person();
      return {
        account: {
          kind: 'teams',
          app_id: platform.appId,
          app_password: teams.reference('TEAMS_APP_PASSWORD'),
          tenant: platform.world.tenant,
          ...platform.account,
        },
        environment: { TEAMS_APP_PASSWORD: teams.PASSWORD },
        connect() {
          platform.deliveries.webhook = `${url()}/channels/it`;
        },
        say: (word) => void anna.say(word),
        get heard() {
          return anna.heard;
        },
        settled: () => platform.deliveries.settled(),
        close: () => platform.close(),
      };
    },
  },
  {
    name: 'wechat',
    taken: 'unknown',
    merges: true,
    passive: true,
    async open({ url, pause }) {
      const platform = await openWechat({ webhook: () => `${url()}/channels/it`, sleep: pause });
      const li = platform.follower();
      return {
        account: wechat.raw({ api_root: platform.url }),
        environment: wechat.ENVIRONMENT,
        say: (word) => void li.say(word),
        get heard() {
          return li.heard;
        },
        settled: () => platform.deliveries.settled(),
        close: () => platform.close(),
      };
    },
  },
  {
    name: 'wecom',
    taken: 'repeated',
    merges: true,
    async open({ url, pause }) {
      const platform = await openWecom({ aesKey: wecom.AES_KEY, token: wecom.TOKEN, corpId: wecom.CORP, sleep: pause });
      const li = platform.customer();
      return {
        account: { ...wecom.raw(), api_root: platform.url },
        environment: { ...wecom.secrets(), WECOM_SECRET: platform.secret },
        connect: () => platform.callbacks.use(`${url()}/channels/it`),
        say: (word) => void li.say(word),
        get heard() {
          return li.heard;
        },
        settled: () => platform.callbacks.settled(),
        close: () => platform.close(),
      };
    },
  },
  {
    name: 'directline',
    taken: 'fetched',
    async open(bot) {
      const secret = 'c0ffee-c0ffee-c0ffee-c0ffee-c0ffee-c0ffee';
      const visitor = new DirectlineVisitor(bot, '/channels/it/v3/directline', secret);
      const account = { kind: 'directline', secret: telegram.reference('DIRECTLINE_SECRET') };
      return visitor.stand(account, { DIRECTLINE_SECRET: secret });
    },
  },
  {
    name: 'web',
    taken: 'fetched',
    async open(bot) {
      return new WebVisitor(bot).stand({ kind: 'web' }, {});
    },
  },
];
