import type { App, BlockAction, ButtonAction, StaticSelectAction } from '@slack/bolt';
import { sendAgain } from './again.ts';
import { answerForm } from './answering.ts';
import { press, pressTask } from './buttons.ts';
import { answerDraft, DRAFT_FORMS, openDraftForm, pressDraft } from './drafts.ts';
import { chooseReply, FORMS, openForm, showMasked, turnPage } from './forms.ts';
import { changePresence, publishHome, turnHome } from './home.ts';
import type { Inside } from './inside.ts';
import { perform } from './slash.ts';
import { hear } from './thread.ts';

type Button = BlockAction<ButtonAction>;

/** What agents do in Slack, and who takes it. All words of Slack's end here. */
export function listen(app: App, inside: Inside): void {
  // Asked for before anything is looked up: Slack's ticket for a form is good for three seconds.
  app.action<Button>(/^desk\.(profile|transcript|reply|assign|consult|close)$/, async ({ action, body, ack }) => {
    await ack();
    await openForm(inside, action.action_id, { user: body.user.id, trigger: body.trigger_id, value: action.value });
  });
  app.action<Button>(/^desk\.page(\.on)?$/, async ({ action, body, ack }) => {
    await ack();
    if (body.view !== undefined) await turnPage(inside, body.view.id, body.user.id, action.value);
  });
  app.action<Button>(/^desk\.(claim|decline|hand_over|resume|hold|back|finish)$/, async ({ action, body, ack }) => {
    await ack();
    await press(inside, action.action_id, {
      ...{ user: body.user.id, value: action.value, at: action.action_ts },
      ...(body.channel === undefined ? {} : { channel: body.channel.id }),
    });
    if (body.view?.type === 'home') await publishHome(inside, body.user.id);
  });
  app.action<Button>('desk.again', async ({ action, body, ack }) => {
    await ack();
    await sendAgain(inside, {
      ...{ user: body.user.id, value: action.value, at: action.action_ts },
      ...(body.channel === undefined ? {} : { channel: body.channel.id }),
    });
  });
  app.action<Button>(/^desk\.(approve|reject|task_done)$/, async ({ action, body, ack }) => {
    await ack();
    await pressTask(inside, action.action_id, { user: body.user.id, value: action.value, at: action.action_ts });
  });
  app.action<Button>(/^desk\.draft_(send|another)$/, async ({ action, body, ack }) => {
    await ack();
    await pressDraft(inside, action.action_id, {
      ...{ user: body.user.id, value: action.value, at: action.action_ts },
      ...(body.channel === undefined ? {} : { channel: body.channel.id }),
    });
  });
  for (const form of DRAFT_FORMS) {
    app.action<Button>(`desk.${form}`, async ({ action, body, ack }) => {
      await ack();
      await openDraftForm(inside, form, { user: body.user.id, trigger: body.trigger_id, value: action.value });
    });
    app.view(`desk.${form}`, async ({ view, body, ack }) => {
      const mistakes = await answerDraft(inside, form, { user: body.user.id, view });
      await (mistakes === undefined ? ack() : ack({ response_action: 'errors', errors: { ...mistakes } }));
    });
  }
  app.action<BlockAction<StaticSelectAction>>('desk.canned', async ({ action, body, ack }) => {
    await ack();
    if (body.view === undefined) return;
    await chooseReply(inside, { user: body.user.id, view: body.view, chosen: action.selected_option.value });
  });
  app.action<Button>(/^desk\.reveal\.\d+$/, async ({ action, body, ack }) => {
    await ack();
    if (body.view !== undefined) await showMasked(inside, body.view.id, body.user.id, action.value);
  });
  app.action<BlockAction<StaticSelectAction>>('home.presence', async ({ action, body, ack }) => {
    await ack();
    await changePresence(inside, body.user.id, action.selected_option.value);
  });
  app.action<Button>('home.next', async ({ action, body, ack }) => {
    await ack();
    await turnHome(inside, body.user.id, action.value);
  });

  for (const form of FORMS) {
    app.view(`desk.${form}`, async ({ view, body, ack }) => {
      const mistakes = await answerForm(inside, form, { user: body.user.id, view });
      await (mistakes === undefined ? ack() : ack({ response_action: 'errors', errors: { ...mistakes } }));
    });
  }

  app.command('/desk', async ({ command, ack }) => {
    const { user_id: user, text, trigger_id: id } = command;
    await ack({ response_type: 'ephemeral', text: await perform(inside, { user, text, id }) });
  });
  for (const wish of ['send', 'note'] as const) {
    app.shortcut({ type: 'message_action', callback_id: `desk.${wish}` }, async ({ shortcut, ack }) => {
      await ack();
      if (shortcut.type !== 'message_action') return;
      const { message, channel, user } = shortcut;
      await hear(inside, { ...message, channel: channel.id, user: message.user }, { wish, by: user.id });
    });
  }
  app.event('message', async ({ event }) => hear(inside, { ...event }));
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') await publishHome(inside, event.user);
  });
}
