import { type Markup, parseMarkdown } from '../markdown.ts';
import { OutsideLink } from './outside-link.tsx';

/** A message's markdown as nodes. */
export function RichText({ text }: { text: string }) {
  return nodes(parseMarkdown(text));
}

function nodes(tree: readonly Markup[]) {
  return tree.map((markup) => {
    if (typeof markup === 'string') return markup;
    if (markup.tag === 'a') return <OutsideLink url={markup.url}>{markup.children}</OutsideLink>;
    const Tag = markup.tag;
    return <Tag>{nodes(markup.children)}</Tag>;
  });
}
