/** A message that the bot sent, as Twilio keeps it. */
export interface MessageRecord {
  readonly sid: string;
  readonly from: string | null;
  readonly service: string | null;
  readonly to: string;
  readonly body: string;
  readonly media: readonly string[];
  readonly segments: number;
  status: 'queued' | 'sent' | 'delivered' | 'undelivered';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Where its statuses are told. */
  readonly callback: string | null;
}

/** The Messages resource (https://www.twilio.com/docs/messaging/api/message-resource#message-properties). */
export function toWire(message: MessageRecord, accountSid: string): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  const date = new Date(message.at).toUTCString().replace('GMT', '+0000');
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: date,
    date_sent: null,
    date_updated: date,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.service,
    num_media: String(message.media.length),
    num_segments: String(message.segments),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}
