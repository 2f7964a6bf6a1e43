import { z } from 'zod';
import { type Inbound, ParleyError, type PullContext, type Pulled } from '#channel';
import { callApi } from './client.ts';
import { eventsOf } from './receive.ts';
import type { TelegramSettings } from './settings.ts';
import { ALLOWED_UPDATES } from './update.ts';

/** Seconds that Telegram holds a question for which there is nothing yet. */
const WAIT = 25;

const Updates = z.array(z.looseObject({ update_id: z.int() }));

/**
 * Long polling. The cursor is Telegram's `offset`: asking with it confirms all updates before. Telegram keeps what is not confirmed
 * for 24 hours, so the cursor need not be kept: a new process gets the unconfirmed once more, and their keys are known.
 */
export async function pull(context: PullContext<TelegramSettings>): Promise<Pulled> {
  const { settings, account, cursor } = context;
  // As long as a webhook is set, getUpdates is refused.
  if (cursor === undefined) await callApi('deleteWebhook', { drop_pending_updates: false }, context);
  const offset = cursor === undefined ? {} : { offset: Number(cursor) };
  const question = { timeout: WAIT, limit: 100, allowed_updates: ALLOWED_UPDATES, ...offset };
  const updates = Updates.parse(await callApi('getUpdates', question, context));
  const last = updates.at(-1)?.update_id;
  const events: Inbound[] = [];
  const unreadable: ParleyError[] = [];
  for (const update of updates) {
    try {
      events.push(...eventsOf(update, account, settings));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      unreadable.push(error);
    }
  }
  return {
    events,
    unreadable,
    cursor: last === undefined ? (cursor ?? '0') : String(last + 1),
  };
}
