/** What a source's markup comes down to: headings, and lines of text under them. An empty line parts paragraphs. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Other ways to ask for what stands here. */
  | { readonly kind: 'also'; readonly text: string };

/** A part of a document that stands under one heading. */
export interface Part {
  /** Headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
  readonly also?: string;
  /** Of a document that has pages: which one, from 1. */
  readonly page?: number;
}

/** Gathers what stands under each heading. The first heading of the first level is the document's title. */
export function partsOf(blocks: readonly Block[]): { title: string | undefined; parts: readonly Part[] } {
  let title: string | undefined;
  let path: { level: number; text: string }[] = [];
  let lines: string[] = [];
  let also: string[] = [];
  const parts: Part[] = [];
  const end = () => {
    const text = lines.join('\n').trim();
    const asked = also.length > 0 && { also: also.join('\n') };
    if (text !== '') parts.push({ headings: path.map((heading) => heading.text), text, ...asked });
    lines = [];
    also = [];
  };
  for (const block of blocks) {
    if (block.kind === 'text') lines.push(block.text);
    else if (block.kind === 'also') also.push(block.text);
    else {
      end();
      path = path.filter(({ level }) => level < block.level);
      if (title === undefined && block.level === 1 && parts.length === 0) title = block.text;
      else path.push(block);
    }
  }
  end();
  return { title, parts };
}
