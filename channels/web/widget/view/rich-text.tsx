import { type Inline, parseMarkdown } from '../markdown.ts';
import type { Words } from '../words.ts';

/** A message's markdown as nodes. */
export function RichText({ text, words }: { text: string; words: Words }) {
  const inline = (nodes: readonly Inline[]) =>
    nodes.map((node) => {
      if (typeof node === 'string') return node;
      if (node.kind === 'bold') return <strong>{inline(node.children)}</strong>;
      if (node.kind === 'italic') return <em>{inline(node.children)}</em>;
      if (node.kind === 'code') return <code>{node.text}</code>;
      return (
        <OutsideLink url={node.url} words={words}>
          {inline(node.children)}
        </OutsideLink>
      );
    });

  return parseMarkdown(text).map((block) => {
    if (block.kind === 'paragraph') return <p>{inline(block.children)}</p>;
    const items = block.items.map((item) => <li>{inline(item)}</li>);
    return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  });
}

/** An address that leaves the page: in its own tab, without handle or Referer. */
export function OutsideLink(props: { url: string; words: Words; class?: string; children: preact.ComponentChildren }) {
  return (
    <a class={props.class} href={props.url} target="_blank" rel="noopener noreferrer nofollow">
      {props.children}
      <span class="hidden"> ({props.words.newTab})</span>
    </a>
  );
}
