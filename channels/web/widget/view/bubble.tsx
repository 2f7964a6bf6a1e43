import type { ChatMessage } from '../protocol.ts';
import type { Words } from '../words.ts';
import { CardView, Carousel, FileLink, Links, Picture } from './cards.tsx';
import { RichText } from './rich-text.tsx';

interface BubbleProps {
  readonly message: Omit<ChatMessage, 'seq'>;
  /** Follows another of the same sender: name and picture were shown there. */
  readonly follows: boolean;
  /** The assistant's name, as the business calls it. */
  readonly assistant: string;
  readonly server: string;
  readonly words: Words;
}

/** One message, whoever sent it. What the customer wrote is shown letter by letter; markup is the business's own. */
export function Bubble({ message, follows, assistant, server, words }: BubbleProps) {
  const { from, text, card, carousel, image, file, attachments, links } = message;
  const context = { server, words };
  const name = from === 'agent' ? message.name || words.agent : message.name || assistant;
  return (
    <article class={`message ${from} ${follows ? 'follows' : ''}`}>
      {from === 'customer' ? (
        <span class="hidden">{words.you}:</span>
      ) : from !== 'system' && !follows ? (
        <header>
          <span class="face" aria-hidden="true">
            {[...name][0]}
          </span>
          <bdi>{name}</bdi>
          <span class="tag">{from === 'agent' ? words.agentTag : words.botTag}</span>
        </header>
      ) : null}
      {text && (
        <div class="bubble" dir="auto">
          {from === 'customer' ? <p>{text}</p> : <RichText text={text} words={words} />}
        </div>
      )}
      <Picture image={image} {...context} />
      {card && <CardView card={card} {...context} />}
      {carousel && carousel.length > 0 && <Carousel cards={carousel} {...context} />}
      {file && <FileLink {...file} {...context} />}
      {attachments?.map((attachment) => (
        <FileLink {...attachment} {...context} />
      ))}
      <Links links={links} {...context} />
    </article>
  );
}
