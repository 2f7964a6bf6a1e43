import { findOrder, type Order, type Quote, quoteReturn } from '../business.ts';

/** The bot of `script.ts` as one would write it by hand: a step, a few values, a switch. Shared by the switch and the floor. */
export interface Memory {
  step: Step;
  order?: Order;
  item?: string;
  reason?: string;
  detail?: string;
  opened?: boolean;
  outcome?: string;
  quote?: Quote;
}

type Step =
  | 'idle'
  | 'number'
  | 'wish'
  | 'return-number'
  | 'item'
  | 'reason'
  | 'detail'
  | 'opened'
  | 'outcome'
  | 'confirm';

export interface Reply {
  readonly text: string;
  readonly buttons?: readonly string[];
  readonly card?: {
    title: string;
    text?: string;
    fields?: { name: string; value: string }[];
    links?: { title: string; url: string }[];
  };
}

const NUMBER = /^[A-Z]{2}[0-9]{6}$/;
const ASK_NUMBER = 'What is your order number? It looks like AB123456.';
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });
const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const date = (iso: string) => day.format(Date.parse(iso));

export function answer(memory: Memory, text: string): Reply[] {
  switch (memory.step) {
    case 'idle':
      return begin(memory, text.toLowerCase());
    case 'number': {
      if (!NUMBER.test(text)) return [{ text: `That does not look like an order number.\n${ASK_NUMBER}` }];
      const order = findOrder(text);
      memory.order = order;
      memory.step = 'wish';
      return [
        {
          text: `It is with ${order.carrier} and expected on ${date(order.eta)}.`,
          card: {
            title: `Order ${order.id}`,
            fields: [
              { name: 'Status', value: order.status },
              { name: 'Total', value: euros.format(order.total.amount) },
            ],
          },
          buttons: ['That is all', 'Something is wrong'],
        },
      ];
    }
    case 'wish':
      return leave(memory, [{ text: 'Glad to hear it. Have a good day!' }]);
    case 'return-number':
      if (!NUMBER.test(text)) return [{ text: 'That does not look like an order number.\nWhich order is it about?' }];
      memory.order = findOrder(text);
      memory.step = 'item';
      return [{ text: 'Which article would you like to return?', buttons: memory.order.lines.map(({ name }) => name) }];
    case 'item':
      memory.item = text;
      memory.step = 'reason';
      return [{ text: 'What is wrong with it?', buttons: ['It is damaged', 'Wrong item', 'I changed my mind'] }];
    case 'reason':
      memory.reason = text;
      memory.step = 'detail';
      return [{ text: 'Please tell me a little more about it.' }];
    case 'detail':
      memory.detail = text;
      memory.step = 'opened';
      return [{ text: 'Have you opened the package?', buttons: ['Yes', 'No'] }];
    case 'opened':
      memory.opened = text.toLowerCase() === 'yes';
      memory.step = 'outcome';
      return [{ text: 'Would you like your money back or another one?', buttons: ['Money back', 'Another one'] }];
    case 'outcome':
      memory.outcome = text;
      memory.quote = quoteReturn(memory.order?.id ?? '');
      memory.step = 'confirm';
      return [
        {
          text: `You get ${euros.format(memory.quote.refund.amount)} back. OK?`,
          card: {
            title: `Return of ${memory.item}`,
            fields: [
              { name: 'Order', value: memory.order?.id ?? '' },
              { name: 'Reason', value: memory.reason ?? '' },
            ],
          },
          buttons: ['Yes', 'No'],
        },
      ];
    case 'confirm': {
      const { quote, item, order } = memory;
      if (text !== 'Yes' || quote === undefined) return leave(memory, [{ text: 'Fine, nothing was changed.' }]);
      return leave(memory, [
        {
          text: `Print the label and drop it off by ${date(quote.until)}.`,
          card: {
            title: `Return ${quote.rma}`,
            text: `${item}, order ${order?.id}`,
            links: [{ title: 'Label', url: quote.label_url }],
          },
        },
        { text: 'Is there anything else I can do for you?' },
      ]);
    }
  }
}

function begin(memory: Memory, text: string): Reply[] {
  if (text.includes('where')) {
    memory.step = 'number';
    return [{ text: ASK_NUMBER }];
  }
  if (text.includes('return')) {
    memory.step = 'return-number';
    return [{ text: 'Which order is it about?' }];
  }
  return [{ text: 'Hello! What can I do for you?', buttons: ['Where is my order?', 'Return something'] }];
}

function leave(memory: Memory, replies: Reply[]): Reply[] {
  for (const name of Object.keys(memory) as (keyof Memory)[]) delete memory[name];
  memory.step = 'idle';
  return replies;
}

/** The message as the channel wants it. */
export function render({ text, buttons, card }: Reply): { [key: string]: unknown } {
  return {
    type: 'text',
    text,
    ...(card && { card }),
    ...(buttons && { buttons: buttons.map((title) => ({ title, payload: title })) }),
  };
}
