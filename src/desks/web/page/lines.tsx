import type { Attachment, Message } from '../../../message.ts';
import type { Item } from '../protocol.ts';
import { Icon } from './icon.tsx';
import { linkOf, pictureOf, plain } from './plain.ts';
import { Said } from './said.tsx';
import { agentCalled, clockTime, nameOf, timeIn, useNow, useView } from './view.ts';

type Of<Kind extends Item['kind']> = Item & { readonly kind: Kind };

/** What the customer reads, or has written. */
export function PostLine({ post, isSame }: { post: Of<'post'>; isSame: boolean }) {
  const { state, words, language } = useView();
  const { from, name, message, attachments, at, said, status, edited, translation } = post;
  const card = state.thread?.card;
  const who =
    from === 'customer'
      ? card === undefined
        ? words.customer
        : nameOf(card, words)
      : from === 'agent'
        ? (name ?? '')
        : words[from];
  const fate = (said === undefined ? undefined : state.thread?.receipts[said]) ?? status;
  const receipt = fate === undefined ? undefined : words.receipts[fate];
  return (
    <article class="post" data-from={from} data-same={isSame}>
      <header>
        <bdi class="who">{who}</bdi>
        <time>{clockTime(at, language)}</time>
      </header>
      <div class="bubble">
        <Said text={message.text} isMarkdown={from !== 'customer'} />
        {translation !== undefined && (
          <div class="translation" lang={translation.locale}>
            <small>{words.translationOf}</small>
            <Said text={translation.text} isMarkdown={false} />
          </div>
        )}
        <Parts message={message} />
        <Files files={attachments} />
      </div>
      {(receipt !== undefined || edited) && (
        <footer data-fate={fate}>
          {receipt}
          {edited && ' ✎'}
        </footer>
      )}
    </article>
  );
}

/** What comes with the words: a card, a picture, a file, links, what she was offered to answer. */
function Parts({ message }: { message: Message }) {
  const { words } = useView();
  const { card, carousel = [], image, file, links = [], choices = [] } = message;
  const cards = card === undefined ? carousel : [card, ...carousel];
  return (
    <>
      {cards.map(({ title, text, fields = [] }) => (
        <div key={title} class="card">
          <b>{plain(title)}</b>
          {text !== undefined && <Said text={text} isMarkdown />}
          {fields.length > 0 && (
            <dl>
              {fields.map(({ name, value }) => (
                <div key={name}>
                  <dt>{plain(name)}</dt>
                  <dd>{plain(value)}</dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      ))}
      {image !== undefined && <Picture url={image.url} name={image.alt} />}
      {file !== undefined && <FileLink url={file.url} name={file.name} />}
      {links.map(({ title, url }) => (
        <FileLink key={url} url={url} name={title} />
      ))}
      {choices.length > 0 && (
        <ul class="choices" aria-label={words.options}>
          {choices.map(({ token, label }) => (
            <li key={token}>{plain(label)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Files({ files }: { files: readonly Attachment[] }) {
  return (
    <>
      {files.map(({ id, name, type, url }) =>
        type.startsWith('image/') ? (
          <Picture key={id} url={url} name={name} />
        ) : (
          <FileLink key={id} url={url} name={name} />
        ),
      )}
    </>
  );
}

function Picture({ url, name }: { url: string; name: string }) {
  const source = pictureOf(url);
  if (source === undefined) return <FileLink url={url} name={name} />;
  return (
    <a class="picture" href={source} target="_blank" rel="noopener noreferrer">
      <img src={source} alt={plain(name)} loading="lazy" />
    </a>
  );
}

function FileLink({ url, name }: { url: string; name: string }) {
  const link = linkOf(url);
  const shown = plain(name) || link || '';
  return link === undefined ? (
    <span class="file">
      <Icon name="file" /> <bdi>{shown}</bdi>
    </span>
  ) : (
    <a class="file" href={link} target="_blank" rel="noopener noreferrer">
      <Icon name="file" /> <bdi>{shown}</bdi>
    </a>
  );
}

/** What only the team reads: unlike anything that goes out, by its colour, its edge and its words. */
export function NoteLine({ note }: { note: Of<'note'> }) {
  const { state, words, language } = useView();
  const by = agentCalled(note.by, state);
  const title =
    note.note === 'muted' ? words.mutedBot : note.note === 'handover' ? words.handover(by) : words.noteBy(by);
  return (
    <article class="note" data-kind={note.note}>
      <header>
        <Icon name={note.note === 'muted' ? 'bot' : 'note'} />
        <b>{title}</b>
        <span class="only">{words.onlyTeam}</span>
        <time>{clockTime(note.at, language)}</time>
      </header>
      <Said text={note.text} isMarkdown={false} />
    </article>
  );
}

/** It has not gone out yet. */
export function Held({ held }: { held: Of<'held'> }) {
  const { store, state, words, language } = useView();
  const now = useNow();
  const { card } = state.thread ?? {};
  const left = Math.max(0, Math.ceil((held.at - now) / 1000));
  const undo = () => {
    if (card !== undefined) void store.act(card.conversation, { do: 'undo', said: held.key });
  };
  return (
    <article class="post held" data-from="agent">
      <header>
        <bdi class="who">{agentCalled(held.agent, state)}</bdi>
        <time>{timeIn(left * 1000, language)}</time>
      </header>
      <div class="bubble">
        <Said text={held.text} isMarkdown />
        <Files files={held.attachments} />
      </div>
      <footer>
        {words.sendsIn(left)}
        {held.agent === state.world?.me && (
          <button type="button" data-undo onClick={undo}>
            <Icon name="undo" /> {words.undo}
          </button>
        )}
      </footer>
    </article>
  );
}
