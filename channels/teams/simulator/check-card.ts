import { checkRequest } from './drive.ts';
import { type Attachment, Refused } from './world.ts';

/** Elements and actions of Adaptive Cards 1.5 that Teams shows, with what each must have. */
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  TextBlock: ['text'],
  RichTextBlock: ['inlines'],
  Image: ['url'],
  FactSet: ['facts'],
  Container: ['items'],
  ColumnSet: ['columns'],
  ActionSet: ['actions'],
  'Input.Text': ['id'],
  'Input.Number': ['id'],
  'Input.Date': ['id'],
  'Input.Time': ['id'],
  'Input.Toggle': ['id', 'title'],
  'Input.ChoiceSet': ['id', 'choices'],
};
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'Action.Submit': ['title'],
  'Action.Execute': ['title'],
  'Action.OpenUrl': ['title', 'url'],
};
const MOST_ACTIONS = 6;
const MOST_CARDS = 10;

/** Refuses what Teams would not show. Real Teams is often kinder and shows nothing; a stand-in had better say so. */
export function checkAttachments(attachments: readonly Attachment[]): void {
  if (attachments.length > MOST_CARDS) throw bad('a message has at most 10 attachments');
  for (const attachment of attachments) {
    if (attachment.contentType === 'application/vnd.microsoft.card.adaptive') checkCard(attachment.content);
    if (attachment.contentType === 'application/vnd.microsoft.teams.card.file.consent') checkRequest(attachment);
  }
}

function checkCard(card: unknown): void {
  const { type, version, body = [], actions = [] } = record(card);
  if (type !== 'AdaptiveCard') throw bad('this is no Adaptive Card');
  if (typeof version !== 'string' || !/^1\.[0-5]$/.test(version)) throw bad(`version ${String(version)} is not shown`);
  if (list(body).length + list(actions).length === 0) throw bad('the card is empty');
  if (list(actions).length > MOST_ACTIONS) throw bad('a card has at most 6 actions');
  const ids = list(body).flatMap((element) => check(element, ELEMENTS));
  if (new Set(ids).size < ids.length) throw bad('two inputs have the same id');
  for (const action of list(actions)) check(action, ACTIONS);
}

/** The ids of inputs. */
function check(given: unknown, known: Readonly<Record<string, readonly string[]>>): string[] {
  const element = record(given);
  const required = known[String(element.type)];
  if (required === undefined) throw bad(`${String(element.type)} is unknown`);
  for (const name of required)
    if (element[name] === undefined || element[name] === '') throw bad(`${String(element.type)} has no ${name}`);
  if (element.url !== undefined && !isAddress(String(element.url), element.type === 'Image'))
    throw bad(`${String(element.url)} is no address that Teams opens`);
  const title = element.title ?? '';
  if (typeof title !== 'string') throw bad('a title is a text');
  return String(element.type).startsWith('Input.') ? [String(element.id)] : [];
}

/** Pictures come by https only. */
function isAddress(url: string, isImage: boolean): boolean {
  return URL.canParse(url) && (isImage ? /^https:$/ : /^https?:$/).test(new URL(url).protocol);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw bad('an object is missing');
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw bad('a list is missing');
  return value;
}

function bad(message: string): Refused {
  return new Refused(400, 'BadSyntax', `Bad format: ${message}`);
}
