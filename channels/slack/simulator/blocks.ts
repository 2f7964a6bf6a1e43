/** Block Kit as strictly as Slack reads it (https://docs.slack.dev/reference/block-kit). */
export type Block = { readonly type: string; readonly [key: string]: unknown };
type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with them, in Slack's manner: "no more than 50 items allowed [json-pointer:/blocks]". Empty: nothing. */
export function mistakesIn(blocks: unknown, surface: 'message' | 'modal' | 'home' = 'message'): readonly string[] {
  const wrong: string[] = [];
  const say = (message: string, at: string) => void wrong.push(`[ERROR] ${message} [json-pointer:${at}]`);
  if (!Array.isArray(blocks)) return ['[ERROR] must be an array [json-pointer:/blocks]'];
  const most = surface === 'message' ? 50 : 100;
  if (blocks.length > most) say(`no more than ${most} items allowed`, '/blocks');
  const ids = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    const at = `/blocks/${index}`;
    if (!isObject(block)) {
      say('must be an object', at);
      continue;
    }
    const { block_id: id } = block;
    if (id !== undefined && (typeof id !== 'string' || id.length > 255))
      say('must be no more than 255 characters', `${at}/block_id`);
    if (id !== undefined && ids.has(id)) say('block_id already exists', `${at}/block_id`);
    ids.add(id);
    checkBlock(block, at, surface, say);
  }
  return wrong;
}

type Say = (message: string, at: string) => void;

const KEYS: Readonly<Record<string, readonly string[]>> = {
  section: ['text', 'fields', 'accessory', 'expand'],
  divider: [],
  image: ['image_url', 'slack_file', 'alt_text', 'title'],
  actions: ['elements'],
  context: ['elements'],
  header: ['text'],
  input: ['label', 'element', 'dispatch_action', 'hint', 'optional'],
  rich_text: ['elements'],
  markdown: ['text'],
};

function checkBlock(block: Fields, at: string, surface: string, say: Say): void {
  const { type } = block;
  const known = KEYS[String(type)];
  if (known === undefined) return say(`unsupported type: ${type}`, `${at}/type`);
  for (const key of Object.keys(block))
    if (key !== 'type' && key !== 'block_id' && !known.includes(key)) say(`invalid additional property: ${key}`, at);
  switch (type) {
    case 'section':
      if (block.text === undefined && block.fields === undefined) say('missing required field: text', at);
      if (block.text !== undefined) checkText(block.text, 3_000, `${at}/text`, say);
      if (block.fields !== undefined)
        each(block.fields, 10, `${at}/fields`, say, (text, there) => checkText(text, 2_000, there, say));
      if (block.accessory !== undefined) checkElement(block.accessory, ACCESSORIES, `${at}/accessory`, say);
      return;
    case 'image':
      return checkImage(block, at, say);
    case 'actions': {
      const actionIds = new Set<unknown>();
      return each(block.elements, 25, `${at}/elements`, say, (element, there) => {
        checkElement(element, ACTIONS, there, say);
        if (!isObject(element)) return;
        if (actionIds.has(element.action_id)) say('action_id already exists', `${there}/action_id`);
        actionIds.add(element.action_id);
      });
    }
    case 'context':
      return each(block.elements, 10, `${at}/elements`, say, (element, there) =>
        isObject(element) && element.type === 'image'
          ? checkImage(element, there, say)
          : checkText(element, 3_000, there, say),
      );
    case 'header':
      return checkText(block.text, 150, `${at}/text`, say, 'plain_text');
    case 'input':
      checkText(block.label, 2_000, `${at}/label`, say, 'plain_text');
      if (surface === 'home' && block.dispatch_action !== true) say('unsupported type: input', at);
      return checkElement(block.element, INPUTS, `${at}/element`, say);
  }
}

function checkText(text: unknown, limit: number, at: string, say: Say, only?: string): void {
  if (!isObject(text)) return say('must be an object', at);
  if (text.type !== 'plain_text' && (text.type !== 'mrkdwn' || only === 'plain_text'))
    return say('must be a valid enum value', `${at}/type`);
  if (typeof text.text !== 'string' || text.text.length === 0) say('must be more than 0 characters', `${at}/text`);
  else if (text.text.length > limit) say(`must be less than ${limit + 1} characters`, `${at}/text`);
  if (text.verbatim !== undefined && text.type !== 'mrkdwn') say('invalid additional property: verbatim', at);
  if (text.emoji !== undefined && text.type !== 'plain_text') say('invalid additional property: emoji', at);
}

/** Slack fetches it when the message is sent. */
function checkImage(image: Fields, at: string, say: Say): void {
  const allowed = ['type', 'block_id', ...(KEYS.image ?? [])];
  for (const key of Object.keys(image)) if (!allowed.includes(key)) say(`invalid additional property: ${key}`, at);
  const { image_url: url, alt_text: alt } = image;
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:/.test(url) || url.length > 3_000)
    return say('invalid url', `${at}/image_url`);
  if (!new URL(url).hostname.includes('.') || /\.svg$/i.test(new URL(url).pathname))
    say('downloading image failed', `${at}/image_url`);
  if (typeof alt !== 'string' || alt.length > 2_000) say('must be less than 2001 characters', `${at}/alt_text`);
}

const CHOOSERS = [
  'static_select',
  'datepicker',
  'timepicker',
  'checkboxes',
  'radio_buttons',
  'overflow',
  'users_select',
  'external_select',
];
const ACTIONS = ['button', ...CHOOSERS];
const ACCESSORIES = ['image', 'multi_static_select', ...ACTIONS];
const INPUTS = [
  'plain_text_input',
  'email_text_input',
  'number_input',
  'url_text_input',
  'multi_static_select',
  ...CHOOSERS,
];

function checkElement(element: unknown, allowed: readonly string[], at: string, say: Say): void {
  if (!isObject(element)) return say('must be an object', at);
  const { type, action_id: id, text, url, value, placeholder, options } = element;
  if (!allowed.includes(String(type))) return say(`unsupported type: ${type}`, `${at}/type`);
  if (type === 'image') return checkImage(element, at, say);
  if (id !== undefined && (typeof id !== 'string' || id.length === 0 || id.length > 255))
    say('must be 1 to 255 characters', `${at}/action_id`);
  if (type === 'button') {
    checkText(text, 75, `${at}/text`, say, 'plain_text');
    if (typeof value === 'string' && value.length > 2_000) say('must be less than 2001 characters', `${at}/value`);
    if (url !== undefined && (!URL.canParse(String(url)) || String(url).length > 3_000))
      say('invalid url', `${at}/url`);
  }
  if (placeholder !== undefined) checkText(placeholder, 150, `${at}/placeholder`, say, 'plain_text');
  const most = type === 'checkboxes' || type === 'radio_buttons' ? 10 : 100;
  if (options !== undefined)
    each(options, most, `${at}/options`, say, (option, there) => {
      if (!isObject(option)) return say('must be an object', there);
      checkText(option.text, 75, `${there}/text`, say);
      if (typeof option.value !== 'string' || option.value.length > 150)
        say('must be less than 151 characters', `${there}/value`);
    });
}

function each(items: unknown, most: number, at: string, say: Say, check: (item: unknown, at: string) => void): void {
  if (!Array.isArray(items) || items.length === 0) return say('must have at least 1 item', at);
  if (items.length > most) say(`no more than ${most} items allowed`, at);
  items.forEach((item: unknown, index) => {
    check(item, `${at}/${index}`);
  });
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Characters of all blocks that Slack takes, as met in slackapi/bolt-js#2509. */
export const MOST_CHARACTERS = 13_200;

/** As they stand once they are sent: every block has an id, every image what Slack found out about it. */
export function asKept(blocks: readonly Block[], nextId: () => string): readonly Block[] {
  return blocks.map((block) => {
    const kept: Block = { ...block, block_id: block.block_id ?? nextId() };
    if (block.type === 'image') return { ...kept, ...MEASURED };
    const { accessory } = block;
    return isObject(accessory) && accessory.type === 'image'
      ? { ...kept, accessory: { ...accessory, ...MEASURED } }
      : kept;
  });
}

const MEASURED = {
  image_width: 640,
  image_height: 480,
  image_bytes: 61_275,
  is_animated: false,
  fallback: '640x480px image',
};

/** All that can be touched, with the block it stands in. */
export function elementsOf(blocks: readonly Block[]): readonly { readonly block: Block; readonly element: Element }[] {
  return blocks.flatMap((block) => {
    const inside = [...(Array.isArray(block.elements) ? block.elements : []), block.accessory, block.element];
    return inside.filter(isElement).map((element) => ({ block, element }));
  });
}

export interface Option {
  readonly text: { readonly type: string; readonly text: string };
  readonly value: string;
}

export interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly url?: string;
  readonly value?: string;
  readonly options?: readonly Option[];
  readonly placeholder?: { readonly text: string };
}

function isElement(value: unknown): value is Element {
  return (
    isObject(value) &&
    typeof value.type === 'string' &&
    value.type !== 'image' &&
    (value.action_id !== undefined || value.type === 'button')
  );
}

export function isBlocks(blocks: unknown): blocks is readonly Block[] {
  return Array.isArray(blocks);
}
