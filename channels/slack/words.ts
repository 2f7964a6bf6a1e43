import type { Block, Said } from './payload.ts';

/** `<@U1|name>`, `<#C1|general>`, `<!here>`, `<https://shop.example|the shop>`, `<mailto:a@b.example|a@b.example>` */
const SEQUENCE = /<([@#!]?)([^<>|\n]{1,3000})(?:\|([^<>\n]{0,3000}))?>/g;
/** A name that the writer's own keyboard gave an emoji. */
const SHORTCODE = /:[a-z0-9_+'-]{1,100}(?:::skin-tone-[2-6])?:/g;

/**
 * What somebody wrote, as she reads it herself: Slack's control sequences are taken apart, its three escapes undone, and emoji are
 * characters again (https://docs.slack.dev/messaging/formatting-message-text). That she named the bot is no part of what she says.
 */
export function wordsOf({ text, blocks = [] }: Said, bot: string | undefined): string {
  const emoji = emojiOf(blocks);
  const plain = (text ?? '')
    .replaceAll(SEQUENCE, (_, sigil: string, target: string, label?: string) => spoken(sigil, target, label, bot))
    .replaceAll(SHORTCODE, (name) => emoji.get(name) ?? name);
  return unescaped(plain.trim());
}

const ESCAPES = { lt: '<', gt: '>', amp: '&' };

/** What Slack escapes, as it stood. */
export function unescaped(text: string): string {
  return text.replaceAll(/&(lt|gt|amp);/g, (_, name: keyof typeof ESCAPES) => ESCAPES[name]);
}

export function names({ text }: Said, bot: string | undefined): boolean {
  return bot !== undefined && new RegExp(`<@${bot}(\\||>)`).test(text ?? '');
}

export function firstNamed({ text }: Said): string | undefined {
  return /<@(\w+)/.exec(text ?? '')?.[1];
}

function spoken(sigil: string, target: string, label: string | undefined, bot: string | undefined): string {
  if (sigil === '@') return target === bot ? '' : `@${label || target}`;
  if (sigil === '#') return `#${label || target}`;
  if (sigil === '!') return label || `@${target.split('^')[0]}`;
  const address = target.replace(/^(mailto|tel):/, '');
  // What was written as an address comes with itself as its label.
  if (label === undefined || label === '' || address.endsWith(label)) return address;
  return `${label} (${address})`;
}

interface Rich {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly unicode?: unknown;
  readonly elements?: unknown;
}

/** Rich text tells the code points behind a name: `{type: emoji, name: "+1", unicode: "1f44d"}`. */
function emojiOf(blocks: readonly Block[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const look = (elements: unknown, depth: number): void => {
    if (!Array.isArray(elements) || depth > 5) return;
    for (const { type, name, unicode, elements: inner } of elements.filter(isObject)) {
      if (type === 'emoji' && typeof name === 'string' && typeof unicode === 'string' && CODE_POINTS.test(unicode))
        found.set(`:${name}:`, String.fromCodePoint(...unicode.split('-').map((code) => Number.parseInt(code, 16))));
      look(inner, depth + 1);
    }
  };
  look(blocks, 0);
  return found;
}

const CODE_POINTS = /^(?:[0-9a-f]{2,5})(?:-[0-9a-f]{2,5}){0,10}$/;

function isObject(value: unknown): value is Rich {
  return typeof value === 'object' && value !== null;
}
