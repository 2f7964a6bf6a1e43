/** What the law owes a customer, in her language. `{name}` is the business. */
export type Owed = 'stopped' | 'started' | 'help';

const TEXTS: Readonly<Record<string, Readonly<Record<Owed, string>>>> = {
  en: {
    stopped: '{name}: You have opted out and will get no more messages from us. Reply START to get them again.',
    started: '{name}: You get our messages again. Reply STOP to opt out, HELP for help.',
    help: '{name}: Write what you need and our bot helps you, or ask for a person. Reply STOP to opt out. Message and data rates may apply.',
  },
  zh: {
    stopped: '{name}：您已退订，不会再收到我们的消息。如需恢复，请回复“订阅”。',
    started: '{name}：已恢复向您发送消息。回复“退订”可退订，回复“帮助”获取帮助。',
    help: '{name}：请直接写下您的需要，机器人会帮助您，也可以要求转人工。回复“退订”可退订。运营商可能收取费用。',
  },
  es: {
    stopped: '{name}: Se ha dado de baja y no recibirá más mensajes nuestros. Responda ALTA para volver a recibirlos.',
    started: '{name}: Vuelve a recibir nuestros mensajes. Responda BAJA para no recibirlos, AYUDA para ayuda.',
    help: '{name}: Escriba lo que necesita y nuestro bot le ayuda, o pida hablar con una persona. Responda BAJA para no recibir más mensajes. Pueden aplicarse tarifas.',
  },
};

export function owedText(owed: Owed, locale: string, name: string): string {
  const language = Object.keys(TEXTS).find((known) => locale.startsWith(known)) ?? 'en';
  return (TEXTS[language]?.[owed] ?? '').replace('{name}', () => name);
}
