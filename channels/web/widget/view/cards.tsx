import { safeUrl } from '../markdown.ts';
import type { Card, Link, Message } from '../protocol.ts';
import { Icon } from './icon.tsx';
import { OutsideLink } from './outside-link.tsx';
import { RichText } from './rich-text.tsx';
import type { View } from './view.ts';

export function CardView({ card, view }: { card: Card; view: View }) {
  return (
    <div class="card">
      <Picture image={card.image} view={view} />
      <div class="body">
        <b>{card.title}</b>
        {card.text && <RichText text={card.text} />}
        {card.fields?.map(({ name, value }) => (
          <p class="fact">
            <bdi>{name}</bdi> <bdi>{value}</bdi>
          </p>
        ))}
      </div>
      <Links links={card.links} view={view} />
    </div>
  );
}

export function Links({ links, view }: { links: readonly Link[] | undefined; view: View }) {
  return links?.map(({ title, url }) => (
    <OutsideLink class="link" url={url} base={view.chat.server}>
      <bdi>{title}</bdi>↗
    </OutsideLink>
  ));
}

export function Picture({ image, view }: { image: Message['image'] | undefined; view: View }) {
  const address = safeUrl(image?.url, view.chat.server);
  return address && <img src={address} alt={image?.alt ?? ''} referrerpolicy="no-referrer" />;
}

/** A file to open: a picture as itself, everything else by its name. */
export function FileLink({ file, view }: { file: { name: string; url: string; type?: string }; view: View }) {
  const { name, url, type } = file;
  return (
    <OutsideLink class="link" url={url} base={view.chat.server}>
      {/^image\/(png|jpe?g|gif|webp)$/.test(type ?? '') ? (
        <Picture image={{ url, alt: name }} view={view} />
      ) : (
        <Icon name="file" />
      )}
      <bdi>{name}</bdi>
    </OutsideLink>
  );
}
