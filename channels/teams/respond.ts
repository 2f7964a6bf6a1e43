import type { RawRequest, RawResponse } from '#channel';
import { type Activity, readActivity } from './activity.ts';
import { isPersonal } from './address.ts';
import { dialogOf } from './form.ts';
import { marked } from './mark.ts';
import { offerIn, pickedOf } from './offer.ts';
import { dataOf } from './receive.ts';

/**
 * An invoke is answered in its own call; everything else with 200 and nothing. What the bot says to it comes as a message of its own
 * later, so nothing here has to wait.
 */
export function respond(request: RawRequest): RawResponse {
  const activity = readActivity(request.body);
  return activity.type === 'invoke' ? answer(activity) : { status: 200 };
}

function answer(activity: Activity): RawResponse {
  switch (activity.name) {
    case 'adaptiveCard/action':
      return json(200, cardAction(activity));
    case 'task/fetch': {
      const dialog = dialogOf(offerIn(dataOf(activity.value)), activity.replyToId ?? undefined);
      return json(200, { task: dialog === undefined ? ended(activity) : { type: 'continue', value: dialog } });
    }
    case 'task/submit':
      return json(200, { task: ended(activity) });
    case 'fileConsent/invoke':
    case 'message/submitAction':
      return json(200, {});
    default:
      return { status: 501 };
  }
}

/** What stands where the dialog stood, until she closes it. */
function ended({ locale }: Activity): object {
  return { type: 'message', value: wordsOf(locale).done };
}

/** https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards */
function cardAction(activity: Activity): object {
  const picked = pickedOf(dataOf(activity.value));
  if (picked === undefined)
    return {
      statusCode: 400,
      type: 'application/vnd.microsoft.error',
      value: { code: 'BadRequest', message: wordsOf(activity.locale).nothing },
    };
  const { offer, words } = picked;
  if (offer.said === undefined || !isPersonal(activity))
    return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: `▸ ${words}` };
  return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: marked(offer, words) };
}

function wordsOf(locale: string | null | undefined) {
  return locale?.startsWith('zh') ? WORDS.zh : WORDS.en;
}

const WORDS = {
  en: { done: 'Thank you. Please go on in the chat.', nothing: 'Please pick something first.' },
  zh: { done: '谢谢，请在聊天中继续。', nothing: '请先选择一项。' },
};

function json(status: number, body: object): RawResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
