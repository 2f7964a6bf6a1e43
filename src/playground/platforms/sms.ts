import { onScreen } from '../../../channels/sms/simulator/screen.ts';
import { openSimulator } from '../../../channels/sms/simulator.ts';
import { type Platform, reference } from '../platform.ts';

export const sms: Platform = {
  async open({ webhook, now, secret }) {
    const authToken = secret();
    const twilio = await openSimulator({ webhook, now, authToken });
    return {
      simulator: onScreen(twilio),
      account: {
        kind: 'sms',
        account_sid: twilio.accountSid,
        auth_token: reference('PLAYGROUND_SMS_TOKEN'),
        from: twilio.number,
        webhook,
        api_root: twilio.url,
      },
      environment: { PLAYGROUND_SMS_TOKEN: authToken },
    };
  },
};
