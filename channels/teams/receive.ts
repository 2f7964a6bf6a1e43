import type { Inbound, RawRequest } from '#channel';
import type { MarkReceipt } from './acknowledge.ts';
import { type Activity, readActivity } from './activity.ts';
import { addressOf, isPersonal, whoIs } from './address.ts';
import { mediaOf, wordsOf } from './content.ts';
import { consentIn } from './file.ts';
import { type Picked, pickedOf } from './offer.ts';
import type { FileReceipt } from './upload.ts';

/** The events of one call: one, or none. `POST /channels/<account>` names the account. */
export function parse(request: RawRequest): readonly Inbound[] {
  const activity = readActivity(request.body);
  // "Test in Web Chat" of the Azure portal speaks here, too, without cards and tenants.
  if (activity.channelId !== 'msteams') return [];
  const happened = eventOf(activity);
  if (happened === undefined) return [];
  const sentAt = Date.parse(activity.timestamp ?? '');
  return [
    {
      account: decodeURIComponent(request.url.pathname.split('/').at(-1) ?? ''),
      address: addressOf(whoIs(activity)),
      key: keyOf(activity),
      ...(Number.isNaN(sentAt) ? {} : { sentAt }),
      ...localeOf(activity),
      ...happened,
    },
  ];
}

type Happened = Pick<Inbound, 'event' | 'media' | 'receipt'>;

/** An id is one conversation's own, and an edit has that of the message it changes. */
function keyOf({ type, id, timestamp, conversation }: Activity): string {
  const own = id === undefined || type === 'messageUpdate' ? `/${type}/${timestamp ?? ''}` : '';
  return `${conversation.id}/${id ?? ''}${own}`;
}

function eventOf(activity: Activity): Happened | undefined {
  switch (activity.type) {
    case 'message':
      return said(activity);
    case 'messageUpdate':
      // A correction is said again: "12" made "13" answers the question anew. What is undeleted was heard already.
      return activity.channelData?.eventType === 'undeleteMessage' ? undefined : said(activity);
    case 'invoke':
      return invoked(activity);
    case 'conversationUpdate':
      return joined(activity);
    case 'installationUpdate':
      return installed(activity);
    case 'messageReaction':
      return reacted(activity);
    default:
      // Her typing, a deleted message (it was heard), the ends of other bots' conversations.
      return undefined;
  }
}

function said(activity: Activity): Happened | undefined {
  const picked = pickedOf(activity.value);
  if (picked !== undefined) return { event: chosen(picked), ...markOf(activity, picked) };
  if (!isMeant(activity)) return undefined;
  const media = mediaOf(activity);
  const text = wordsOf(activity);
  if (text === '' && media.length === 0) return undefined;
  return { event: { kind: 'message', text }, ...(media.length === 0 ? {} : { media }) };
}

/** Action.Execute, and the button of a dialog, bring what Action.Submit brings. */
function invoked(activity: Activity): Happened | undefined {
  const { name, value } = activity;
  if (name === 'fileConsent/invoke') return consented(activity);
  const picked = name === 'adaptiveCard/action' || name === 'task/submit' ? pickedOf(dataOf(value)) : undefined;
  if (picked === undefined) return undefined;
  // The answer to Action.Execute is the marked card itself.
  return { event: chosen(picked), ...(name === 'task/submit' && markOf(activity, picked)) };
}

/** She wants a file of ours, or does not: a signal that a flow may wait for. The file goes its way by the receipt. */
function consented(activity: Activity): Happened | undefined {
  const given = consentIn(activity.value);
  if (given === undefined) return undefined;
  const { replyToId: card } = activity;
  const address = addressOf(whoIs(activity));
  const receipt: FileReceipt = { address, ...(card ? { card } : {}), consented: given };
  const data = { name: given.file.name, accepted: given.place !== undefined };
  return { event: { kind: 'signal', name: 'channel.file', data }, receipt: { ...receipt } };
}

/** `value.action.data` of a card, `value.data` of a dialog. */
export function dataOf(value: unknown): unknown {
  const { action, data } = (value ?? {}) as { action?: { data?: unknown } | null; data?: unknown };
  return action?.data ?? data;
}

/** Several picked at once are one tap; a day is said in words, which are understood as if she had typed them. */
function chosen({ offer, tokens, words, values = {} }: Picked): Inbound['event'] {
  if (offer.kind === 'form') return { kind: 'form', token: offer.token, values };
  if (tokens.length === 0) return { kind: 'message', text: words };
  return { kind: 'choice', token: tokens.join(','), label: words };
}

/** The card is marked in a personal chat; in a group it may be somebody else's question, and whose words it carries is unknown. */
function markOf(activity: Activity, { offer, words }: Picked): Pick<Inbound, 'receipt'> {
  const id = offer.kind === 'form' && offer.card !== undefined ? offer.card : activity.replyToId;
  if (!isPersonal(activity) || !id || offer.said === undefined) return {};
  const receipt: MarkReceipt = { address: addressOf(whoIs(activity)), id, offer, picked: words };
  return { receipt: { ...receipt } };
}

/** In a group and in a channel people talk to each other: the bot listens only to who names it. */
function isMeant(activity: Activity): boolean {
  if (isPersonal(activity)) return true;
  const { recipient, entities } = activity;
  return (entities ?? []).some(({ type, mentioned }) => type === 'mention' && mentioned?.id === recipient?.id);
}

/** The bot is there, for the first time. Who comes to or leaves a group is no customer of ours yet. */
function joined(activity: Activity): Happened | undefined {
  const { recipient, membersAdded, membersRemoved } = activity;
  if (!isPersonal(activity) || recipient === undefined) return undefined;
  const isBot = ({ id }: { id: string }) => id === recipient.id;
  if (membersRemoved?.some(isBot)) return signal('channel.blocked');
  return membersAdded?.some(isBot) ? { event: { kind: 'opened', ...localeOf(activity) } } : undefined;
}

/** She, or her administrator, has taken the app away, or given it back: then nothing can be sent, or everything again. */
function installed(activity: Activity): Happened | undefined {
  if (!isPersonal(activity)) return undefined;
  if (activity.action?.startsWith('remove')) return signal('channel.blocked');
  return activity.action === 'add' ? signal('channel.unblocked') : undefined;
}

/** 👍 under a message of ours: a signal that a flow may wait for. */
function reacted({ reactionsAdded, reactionsRemoved, replyToId }: Activity): Happened {
  const names = (reactions: Activity['reactionsAdded']) => (reactions ?? []).map(({ type }) => type);
  const data = { message: replyToId ?? '', added: names(reactionsAdded), removed: names(reactionsRemoved) };
  return { event: { kind: 'signal', name: 'channel.reaction', data } };
}

function signal(name: string): Happened {
  return { event: { kind: 'signal', name, data: {} } };
}

function localeOf({ locale, entities }: Activity): { locale?: string } {
  const found = locale ?? (entities ?? []).find(({ type }) => type === 'clientInfo')?.locale;
  return found ? { locale: found } : {};
}
