import type { CheckContext, Finding } from '#channel';
import { accountStatus } from './client.ts';
import type { SmsSettings } from './settings.ts';

/** Whether Twilio takes the token, whether the account may send, and whether both know the same webhook. */
export async function check(context: CheckContext<SmsSettings>): Promise<readonly Finding[]> {
  const { webhook } = context.settings;
  const status = await accountStatus(context);
  return [
    status === 'active'
      ? { ok: true, what: 'Twilio takes the token, and the account is active' }
      : { ok: false, what: `the account is ${status} at Twilio`, hint: 'See console.twilio.com for what it needs.' },
    ...(context.webhook === undefined || context.webhook === webhook
      ? []
      : [
          {
            ok: false,
            what: `\`webhook\` is ${webhook}`,
            hint: `Twilio signs the address it calls: write ${context.webhook} here and in its console, or change PARLEY_PUBLIC_URL.`,
          },
        ]),
  ];
}
