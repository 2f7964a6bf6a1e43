import { absolute, isWeb, type Message, type Part, type PlanContext } from '#channel';
import { headOf } from '../microsoft/form-card.ts';
import { cardOf, dateCard, formCard, linksCard, pickCard } from './cards.ts';
import { toMarkdown } from './markdown.ts';

/** Suggested actions stand in one row that is scrolled sideways: more than these are better picked from a list. */
const MOST_SUGGESTED = 10;

/** A message is an activity, without what the door adds to each (its id, from whom, when). A carousel beside other things is one of its own. */
export function plan(messages: readonly Message[], { locale, publicUrl }: PlanContext): readonly Part[] {
  return messages.flatMap((message) => activitiesOf(message, locale, publicUrl));
}

function activitiesOf(message: Message, locale: string, base: string | undefined): readonly Part[] {
  const { carousel = [], form } = message;
  // A form stands in place of the question that it begins with; clients without Adaptive Cards show that one.
  const choices = form ? [] : (message.choices ?? []);
  const picked = message.multiple || choices.length > MOST_SUGGESTED;
  const { files, words } = filesOf(message, base);
  const links = (message.links ?? []).map(({ title, url }) => ({ title, url: absolute(url, base) ?? url }));
  const beside = [
    ...files,
    ...(message.card === undefined ? [] : [cardOf(message.card, base)]),
    ...linksCard(links.filter(({ url }) => isWeb(url))),
    ...(picked && choices.length > 0 ? [pickCard(choices, message.multiple === true, locale)] : []),
    ...(form ? [formCard(form, message.text, locale)] : []),
    ...(message.input === 'date' && !form ? [dateCard(locale)] : []),
  ];
  const notes = [...words, ...links.filter(({ url }) => !isWeb(url)).map(({ title, url }) => `${title}: ${url}`)];
  const said = wordsOf([form ? headOf(form) : message.text, ...notes].filter((line) => line !== '').join('\n'));
  const offer = picked ? {} : suggestedOf(choices);
  const hint = {
    inputHint: choices.length > 0 || form || message.input !== undefined ? 'expectingInput' : 'acceptingInput',
  };
  if (carousel.length === 0) return [{ ...said, ...attached(beside, 'list'), ...offer, ...hint }];
  const cards = attached(
    carousel.map((card) => cardOf(card, base)),
    'carousel',
  );
  if (beside.length === 0) return [{ ...said, ...cards, ...offer, ...hint }];
  return [
    { ...said, ...cards, inputHint: 'acceptingInput' },
    { ...attached(beside, 'list'), ...offer, ...hint },
  ];
}

function wordsOf(text: string): Part {
  return text === '' ? {} : { text: toMarkdown(text), textFormat: 'markdown' };
}

function attached(attachments: readonly Part[], attachmentLayout: 'list' | 'carousel'): Part {
  return attachments.length === 0 ? {} : { attachments, attachmentLayout };
}

/**
 * `messageBack` shows the label as hers and brings us the token: `postBack` would show nothing, and `imBack` the token itself
 * (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-add-suggested-actions).
 */
function suggestedOf(choices: NonNullable<Message['choices']>): Part {
  if (choices.length === 0) return {};
  const actions = choices.map(({ token, label }) => ({
    type: 'messageBack',
    title: label,
    text: label,
    displayText: label,
    value: { choice: token },
  }));
  return { suggestedActions: { actions } };
}

/** Pictures and files by their addresses; what no client could reach is said in words. */
function filesOf(
  { image, file }: Message,
  base: string | undefined,
): { files: readonly Part[]; words: readonly string[] } {
  const given = [
    ...(image === undefined ? [] : [{ url: image.url, name: image.alt, fallback: 'image/jpeg' }]),
    ...(file === undefined ? [] : [{ url: file.url, name: file.name, fallback: 'application/octet-stream' }]),
  ].map((each) => ({ ...each, url: absolute(each.url, base) }));
  return {
    files: given.flatMap(({ url, name, fallback }) =>
      url === undefined ? [] : [{ contentType: typeOf(url) ?? fallback, contentUrl: url, name }],
    ),
    words: given.flatMap(({ url, name }) => (url === undefined ? [`[${name}]`] : [])),
  };
}

/** Clients choose by it how to show a file. Nobody fetches the file to find out, so its name must do. */
function typeOf(url: string): string | undefined {
  return TYPES[/\.(\w{2,5})$/.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? ''];
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
};
