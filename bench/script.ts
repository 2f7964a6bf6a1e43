/**
 * The conversation that every contestant holds: 13 turns of a customer, 14 messages in answer, over a greeting and two flows. The
 * words are fixed, so a contestant that says something else is not measured.
 */
export interface Line {
  /** What the customer does: types, or taps a button by its title. */
  readonly does: { readonly say: string } | { readonly tap: string };
  readonly hears: readonly Heard[];
}

export interface Heard {
  readonly text: string;
  readonly buttons?: readonly string[];
  readonly card?: string;
}

const say = (text: string, ...hears: Heard[]): Line => ({ does: { say: text }, hears });
const tap = (title: string, ...hears: Heard[]): Line => ({ does: { tap: title }, hears });

export const SCRIPT: readonly Line[] = [
  say('Hi', { text: 'Hello! What can I do for you?', buttons: ['Where is my order?', 'Return something'] }),

  tap('Where is my order?', { text: 'What is your order number? It looks like AB123456.' }),
  say('12345', {
    text: 'That does not look like an order number.\nWhat is your order number? It looks like AB123456.',
  }),
  say('AB123456', {
    text: 'It is with UPS and expected on Nov 23, 2026.',
    card: 'Order AB123456',
    buttons: ['That is all', 'Something is wrong'],
  }),
  tap('That is all', { text: 'Glad to hear it. Have a good day!' }),

  say('I want to return something', { text: 'Which order is it about?' }),
  say('AB123456', { text: 'Which article would you like to return?', buttons: ['Brass lamp', 'Bulb E27'] }),
  tap('Brass lamp', {
    text: 'What is wrong with it?',
    buttons: ['It is damaged', 'Wrong item', 'I changed my mind'],
  }),
  tap('It is damaged', { text: 'Please tell me a little more about it.' }),
  say('The glass has a crack on one side.', { text: 'Have you opened the package?', buttons: ['Yes', 'No'] }),
  say('yes', { text: 'Would you like your money back or another one?', buttons: ['Money back', 'Another one'] }),
  tap('Money back', { text: 'You get €89.00 back. OK?', card: 'Return of Brass lamp', buttons: ['Yes', 'No'] }),
  tap(
    'Yes',
    { text: 'Print the label and drop it off by Dec 5, 2026.', card: 'Return RMA-123456' },
    { text: 'Is there anything else I can do for you?' },
  ),
];

/** The greeting and order status: asking for the number, a wrong one, the card, the end. */
export const ORDER_STATUS: readonly Line[] = SCRIPT.slice(0, 5);
