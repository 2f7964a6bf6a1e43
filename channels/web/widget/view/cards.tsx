import { safeUrl } from '../markdown.ts';
import type { Card, Link, Message } from '../protocol.ts';
import type { Words } from '../words.ts';
import { Icon } from './icon.tsx';
import { OutsideLink, RichText } from './rich-text.tsx';

interface Context {
  /** What relative addresses are relative to. */
  readonly server: string;
  readonly words: Words;
}

export function CardView({ card, server, words }: Context & { card: Card }) {
  return (
    <div class="card">
      <Picture image={card.image} server={server} words={words} />
      <div class="card-body">
        <strong dir="auto">{card.title}</strong>
        {card.text && <RichText text={card.text} words={words} />}
        {card.fields?.length ? (
          <dl>
            {card.fields.map(({ name, value }) => (
              <div>
                <dt dir="auto">{name}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
          </dl>
        ) : null}
      </div>
      <Links links={card.links} server={server} words={words} />
    </div>
  );
}

/** Scrolls sideways, by finger or by arrow keys once it has the focus. */
export function Carousel({ cards, server, words }: Context & { cards: readonly Card[] }) {
  return (
    <ul class="carousel" tabIndex={0} aria-label={words.cards}>
      {cards.map((card) => (
        <li>
          <CardView card={card} server={server} words={words} />
        </li>
      ))}
    </ul>
  );
}

export function Links({ links, server, words }: Context & { links?: readonly Link[] | undefined }) {
  return (
    <>
      {links?.map(({ title, url }) => {
        const address = safeUrl(url, server);
        return address ? (
          <OutsideLink class="link" url={address} words={words}>
            <span dir="auto">{title}</span>
            <Icon name="link" />
          </OutsideLink>
        ) : (
          <span class="link">{title}</span>
        );
      })}
    </>
  );
}

export function Picture({ image, server, words }: Context & { image: Message['image'] | undefined }) {
  const address = safeUrl(image?.url, server);
  return address ? (
    <a class="picture" href={address} target="_blank" rel="noopener noreferrer">
      <img src={address} alt={image?.alt || words.file} loading="lazy" referrerpolicy="no-referrer" />
    </a>
  ) : null;
}

/** A file to open: a picture as itself, everything else by its name. */
export function FileLink(props: Context & { name: string; url?: string; type?: string; size?: number }) {
  const { server, words, name, url, type, size } = props;
  const address = safeUrl(url, server);
  if (address && /^image\/(png|jpe?g|gif|webp|avif)$/.test(type ?? ''))
    return <Picture image={{ url: address, alt: name }} server={server} words={words} />;
  const label = (
    <>
      <Icon name="file" />
      <bdi>{name}</bdi>
      {size !== undefined && <small>{readableSize(size)}</small>}
    </>
  );
  return address ? (
    <OutsideLink class="file" url={address} words={words}>
      {label}
    </OutsideLink>
  ) : (
    <span class="file">{label}</span>
  );
}

function readableSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
