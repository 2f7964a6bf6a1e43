import type { Bubble, Run, ScreenCard } from '../../simulator.ts';
import { ButtonView } from './button.tsx';
import { Icon } from './icon.tsx';
import { useView } from './view.ts';

interface BubbleParts {
  readonly kind: string;
  readonly bubble: Bubble;
  /** Of those that one side says in a row. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** One message, as the app shows it. */
export function BubbleView({ kind, bubble, isFirst, isLast }: BubbleParts) {
  const { words, language, state } = useView();
  const { from, text, image, file, cards = [], buttons = [], status, edited, at } = bubble;
  const time = new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
  const author = from === 'customer' ? (state.world?.who.name ?? '') : words.anon;
  return (
    <article class="message" data-from={from} data-first={isFirst} data-last={isLast}>
      <span class="face" aria-hidden="true">
        {author.charAt(0)}
      </span>
      <div class="said">
        <p class="author">
          <strong>{author}</strong>
          {from === 'bot' && <span class="tag">{words.app}</span>}
          <time>{time}</time>
        </p>
        {(text.some((run) => run.text !== '') || image !== undefined || file !== undefined) && (
          <div class="bubble">
            {image !== undefined && <Picture {...image} />}
            {file !== undefined && (
              <a class="attached" href={file.url} rel="noreferrer" target="_blank">
                <Icon name="file" />
                {file.name}
              </a>
            )}
            {text.some((run) => run.text !== '') && (
              <p class="text">
                <Words runs={text} />
              </p>
            )}
            <span class="meta">
              {edited && `${words.edited} `}
              <time>{time}</time>
              {status !== undefined && from === 'customer' && (
                <i data-status={status} title={words.deliveries[status]} />
              )}
            </span>
          </div>
        )}
        {cards.length > 0 && (
          <div class="cards" {...(cards.length > 1 && SCROLLS)}>
            {cards.map((card) => (
              <CardView kind={kind} bubble={bubble.id} card={card} />
            ))}
          </div>
        )}
        {buttons.map((row) => (
          <div class="row">
            {row.map((button) => (
              <ButtonView
                key={button.id}
                kind={kind}
                bubble={bubble.id}
                button={button}
                isDialog={from === 'system' && (button.fields ?? []).length > 0}
              />
            ))}
          </div>
        ))}
      </div>
    </article>
  );
}

/** Who has no mouse scrolls them with the keys. */
const SCROLLS = { tabIndex: 0 };

function CardView({ kind, bubble, card }: { kind: string; bubble: string; card: ScreenCard }) {
  const { title, text = [], image, facts = [], buttons = [] } = card;
  return (
    <div class="card">
      {image !== undefined && <Picture {...image} />}
      <p class="card-title">
        <Words runs={title} />
      </p>
      {text.length > 0 && (
        <p class="text">
          <Words runs={text} />
        </p>
      )}
      {facts.length > 0 && (
        <dl>
          {facts.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {buttons.length > 0 && (
        <div class="row">
          {buttons.map((button) => (
            <ButtonView key={button.id} kind={kind} bubble={bubble} button={button} />
          ))}
        </div>
      )}
    </div>
  );
}

function Picture({ url, alt }: { url: string; alt: string }) {
  const { words } = useView();
  return <img src={url} alt={alt === '' ? words.picture : alt} loading="lazy" />;
}

const TAGS = { bold: 'strong', italic: 'em', code: 'code', strike: 's' } as const;

function Words({ runs }: { runs: readonly Run[] }) {
  return (
    <>
      {runs.map(({ text, style, url }) => {
        const Tag = style === undefined ? 'span' : TAGS[style];
        const isSafe = url !== undefined && /^(https?|mailto|tel):/i.test(url);
        return (
          <Tag>
            {isSafe ? (
              <a href={url} rel="noreferrer" target="_blank">
                {text}
              </a>
            ) : (
              text
            )}
          </Tag>
        );
      })}
    </>
  );
}
