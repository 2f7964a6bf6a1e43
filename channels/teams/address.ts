import type { Activity } from './activity.ts';

/**
 * A conversation reference: enough to write first. As an address of ours: `tenant/conversation`, and `/user` for one of several people
 * in a group or a channel, each part percent-encoded. Where the connector is (`serviceUrl`) is no part of it, because an address is
 * who somebody is for ever, and Teams moves its connectors: {@link Services} knows the latest.
 */
export interface Reference {
  readonly tenant: string;
  readonly conversation: string;
  /** Absent in a personal chat. */
  readonly user?: string;
}

export function addressOf({ tenant, conversation, user }: Reference): string {
  return [tenant, conversation, ...(user === undefined ? [] : [user])].map(encodeURIComponent).join('/');
}

export function referenceOf(address: string): Reference {
  const [tenant = '', conversation = '', user] = address.split('/').map(decodeURIComponent);
  return { tenant, conversation, ...(user === undefined ? {} : { user }) };
}

export function tenantOf({ channelData, conversation }: Activity): string {
  return channelData?.tenant?.id ?? conversation.tenantId ?? '';
}

/** In a personal chat everybody is alone with the bot; anywhere else each has a conversation of her own, which all can read. */
export function whoIs(activity: Activity): Reference {
  const { conversation, from } = activity;
  const place = { tenant: tenantOf(activity), conversation: conversation.id };
  return isPersonal(activity) ? place : { ...place, user: from.id };
}

export function isPersonal({ conversation }: Activity): boolean {
  return conversation.conversationType === 'personal';
}
