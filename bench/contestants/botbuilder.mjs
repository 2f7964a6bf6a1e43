// The usual choice: botbuilder-dialogs on MemoryStorage. The webhook goes through the real `CloudAdapter.process` with authentication
// stubbed (Parley's door is not measured either); waterfalls with the library's own prompts, as its documentation teaches. Plain
// JavaScript, because its types are there only when bench/package.json is installed.
import { CardFactory, CloudAdapter, ConversationState, MemoryStorage, MessageFactory } from 'botbuilder';
import {
  ChoicePrompt,
  ConfirmPrompt,
  DialogSet,
  DialogTurnStatus,
  ListStyle,
  TextPrompt,
  WaterfallDialog,
} from 'botbuilder-dialogs';
import { findOrder, quoteReturn } from '../business.ts';
import { payloadOf, readBody } from '../channel.ts';

const NUMBER = /^[A-Z]{2}[0-9]{6}$/;
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });
const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const date = (iso) => day.format(Date.parse(iso));

export const botbuilder = {
  name: 'botbuilder',
  durable: false,
  async open({ sink }) {
    // A customer who answers before `saveChanges` is done would be lost here: replies leave when their turn is over.
    const outgoing = new Map();
    const adapter = new CloudAdapter(trustEverybody(outgoing));
    const state = new ConversationState(new MemoryStorage());
    const dialogs = dialogsOn(state.createProperty('dialogs'));
    const turn = async (context) => {
      const dialog = await dialogs.createContext(context);
      const result = await dialog.continueDialog();
      if (result.status === DialogTurnStatus.empty) await begin(dialog, context);
      await state.saveChanges(context);
    };
    return {
      receive(body) {
        const activity = activityOf(body);
        const address = activity.from.id;
        if (!outgoing.has(address)) outgoing.set(address, []);
        void adapter.process({ method: 'POST', headers: {}, body: activity }, new Answer(), turn).then(() => {
          for (const payload of outgoing.get(address)?.splice(0) ?? []) sink(address, payload);
        });
      },
      close: async () => undefined,
    };
  },
};

async function begin(dialog, context) {
  const text = context.activity.text.toLowerCase();
  if (text.includes('where')) await dialog.beginDialog('order status');
  else if (text.includes('return')) await dialog.beginDialog('returns');
  else
    await context.sendActivity(
      MessageFactory.suggestedActions(['Where is my order?', 'Return something'], 'Hello! What can I do for you?'),
    );
}

function dialogsOn(property) {
  const dialogs = new DialogSet(property);
  dialogs.add(new TextPrompt('text'));
  dialogs.add(
    new TextPrompt('number', async ({ recognized }) => recognized.succeeded && NUMBER.test(recognized.value)),
  );
  for (const prompt of [new ChoicePrompt('choice'), new ConfirmPrompt('confirm')]) {
    prompt.style = ListStyle.suggestedAction;
    dialogs.add(prompt);
  }
  dialogs.add(new WaterfallDialog('order status', ORDER_STATUS));
  dialogs.add(new WaterfallDialog('returns', RETURNS));
  return dialogs;
}

const ASK_NUMBER = 'What is your order number? It looks like AB123456.';
const ORDER_STATUS = [
  (step) =>
    step.prompt('number', {
      prompt: ASK_NUMBER,
      retryPrompt: `That does not look like an order number.\n${ASK_NUMBER}`,
    }),
  (step) => {
    const order = findOrder(step.result);
    step.values.order = order;
    return step.prompt('choice', {
      prompt: withCard(`It is with ${order.carrier} and expected on ${date(order.eta)}.`, {
        title: `Order ${order.id}`,
        fields: [
          { name: 'Status', value: order.status },
          { name: 'Total', value: euros.format(order.total.amount) },
        ],
      }),
      choices: ['That is all', 'Something is wrong'],
    });
  },
  async (step) => {
    await step.context.sendActivity('Glad to hear it. Have a good day!');
    return step.endDialog();
  },
];

const RETURNS = [
  (step) =>
    step.prompt('number', {
      prompt: 'Which order is it about?',
      retryPrompt: 'That does not look like an order number.',
    }),
  (step) => {
    step.values.order = findOrder(step.result);
    const choices = step.values.order.lines.map(({ name }) => name);
    return step.prompt('choice', { prompt: 'Which article would you like to return?', choices });
  },
  (step) => {
    step.values.item = step.result.value;
    const choices = ['It is damaged', 'Wrong item', 'I changed my mind'];
    return step.prompt('choice', { prompt: 'What is wrong with it?', choices });
  },
  (step) => {
    step.values.reason = step.result.value;
    return step.prompt('text', { prompt: 'Please tell me a little more about it.' });
  },
  (step) => {
    step.values.detail = step.result;
    return step.prompt('confirm', { prompt: 'Have you opened the package?' });
  },
  (step) => {
    step.values.opened = step.result;
    const choices = ['Money back', 'Another one'];
    return step.prompt('choice', { prompt: 'Would you like your money back or another one?', choices });
  },
  (step) => {
    const { order, item, reason } = step.values;
    step.values.outcome = step.result.value;
    step.values.quote = quoteReturn(order.id);
    return step.prompt('confirm', {
      prompt: withCard(`You get ${euros.format(step.values.quote.refund.amount)} back. OK?`, {
        title: `Return of ${item}`,
        fields: [
          { name: 'Order', value: order.id },
          { name: 'Reason', value: reason },
        ],
      }),
    });
  },
  async (step) => {
    const { order, item, quote } = step.values;
    if (!step.result) await step.context.sendActivity('Fine, nothing was changed.');
    else {
      await step.context.sendActivity(
        withCard(`Print the label and drop it off by ${date(quote.until)}.`, {
          title: `Return ${quote.rma}`,
          text: `${item}, order ${order.id}`,
          links: [{ title: 'Label', url: quote.label_url }],
        }),
      );
      await step.context.sendActivity('Is there anything else I can do for you?');
    }
    return step.endDialog();
  },
];

function withCard(text, card) {
  return MessageFactory.attachment({ ...CardFactory.heroCard(card.title, card.text), content: card }, text);
}

/** As the Bot Framework's own service would hand the webhook over. */
function activityOf(body) {
  const { address, id, text } = readBody(body);
  return {
    type: 'message',
    id,
    timestamp: new Date().toISOString(),
    channelId: 'pigeon',
    serviceUrl: 'https://pigeon.example/',
    from: { id: address, name: 'Alex Example' },
    recipient: { id: 'bot', name: 'bot' },
    conversation: { id: address },
    locale: 'en-US',
    text,
  };
}

function render({ text, suggestedActions, attachments }) {
  const card = attachments?.[0]?.content;
  const buttons = suggestedActions?.actions.map(({ title, value }) => ({ title, payload: value }));
  return { type: 'text', text, ...(card && { card }), ...(buttons && { buttons }) };
}

/** Lets everybody in, and keeps what is sent for its conversation. */
function trustEverybody(outgoing) {
  const send = async (conversation, activity) => {
    outgoing.get(conversation).push(payloadOf(conversation, render(activity)));
    return { id: '1' };
  };
  const conversations = {
    replyToActivity: (conversation, _to, activity) => send(conversation, activity),
    sendToConversation: send,
  };
  return {
    authenticateRequest: async () => ({
      claimsIdentity: { claims: [], isAuthenticated: true },
      audience: 'bot',
      connectorFactory: { create: async () => ({ conversations }) },
    }),
    createUserTokenClient: async () => ({}),
  };
}

/** The HTTP response, which nobody reads. */
class Answer {
  status() {}
  send() {}
  end() {}
  header() {}
}
