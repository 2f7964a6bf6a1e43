import type { ChatMessage } from '../protocol.ts';
import { CardView, FileLink, Links, Picture } from './cards.tsx';
import { Face } from './face.tsx';
import { RichText } from './rich-text.tsx';
import { SCROLLS } from './scrolls.ts';
import type { View } from './view.ts';

interface BubbleProps {
  readonly message: Omit<ChatMessage, 'seq'>;
  /** Follows another of the same sender: name and face were shown there. */
  readonly follows: boolean;
  readonly view: View;
}

/** One message, whoever sent it. What the customer wrote is shown letter by letter; markup is the business's own. */
export function Bubble({ message, follows, view }: BubbleProps) {
  const { from, form, card, carousel, image, file, attachments, links } = message;
  // A form has its questions below: here it is called by its name.
  const text = form ? form.title : message.text;
  const { words, assistant } = view;
  const agent = from === 'agent';
  const name = message.name || (agent ? words.agentTag : assistant);
  return (
    <div class={`message ${from} ${follows ? 'follows' : ''}`}>
      {from === 'customer' ? (
        <span class="hidden">{words.you}</span>
      ) : (
        from !== 'system' &&
        !follows && (
          <div class="by">
            <Face name={name} />
            <bdi>{name}</bdi>
            <small class="tag">{agent ? words.agentTag : words.botTag}</small>
          </div>
        )
      )}
      {text && <div class="bubble">{from === 'customer' ? <p>{text}</p> : <RichText text={text} />}</div>}
      <Picture image={image} view={view} />
      {card && <CardView card={card} view={view} />}
      {carousel && (
        <ul class="carousel" aria-label={words.log} {...SCROLLS}>
          {carousel.map((card) => (
            <li>
              <CardView card={card} view={view} />
            </li>
          ))}
        </ul>
      )}
      {[...(file ? [file] : []), ...(attachments ?? [])].map((file) => (
        <FileLink file={file} view={view} />
      ))}
      <Links links={links} view={view} />
    </div>
  );
}
