import { runsOf } from '../../../markdown.ts';
import { linkOf, plain } from './plain.ts';

/** Somebody's words. Only what our own side wrote has marks; a customer's stand there as she wrote them. */
export function Said({ text, isMarkdown }: { text: string; isMarkdown: boolean }) {
  const shown = plain(text);
  if (shown.trim() === '') return null;
  if (!isMarkdown)
    return (
      <p class="said" dir="auto">
        {shown}
      </p>
    );
  return (
    <p class="said" dir="auto">
      {runsOf(shown).map(({ text, style, url }, index) => {
        const link = linkOf(url);
        // Runs have no name but their place.
        const key = `${index}`;
        if (link !== undefined)
          return (
            <a key={key} href={link} target="_blank" rel="noopener noreferrer">
              {text}
            </a>
          );
        if (style === 'bold') return <strong key={key}>{text}</strong>;
        if (style === 'italic') return <em key={key}>{text}</em>;
        if (style === 'code') return <code key={key}>{text}</code>;
        return text;
      })}
    </p>
  );
}
