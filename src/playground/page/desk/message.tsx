import { useState } from 'preact/hooks';
import type { MessageView } from '../../protocol.ts';
import { Icon, type IconName } from '../icon.tsx';
import { Blocks } from './blocks.tsx';
import { instantOf, timeOf, useDesk } from './desk-view.ts';
import { Face } from './face.tsx';
import { Mrkdwn } from './text.tsx';

interface MessageParts {
  readonly channel: string;
  readonly message: MessageView;
  /** Those of its thread, where it has one and is shown without it. */
  readonly replies?: readonly MessageView[];
  /** The thread is open beside it. */
  readonly isOpen?: boolean;
  /** The one before is by the same author. */
  readonly isMore?: boolean;
}

/** One message with what can be done with it. */
export function Message({ channel, message, replies = [], isOpen = false, isMore = false }: MessageParts) {
  const desk = useDesk();
  const [isChanging, setChanging] = useState(false);
  const { words, language, me } = desk;
  const { ts, user, isApp, text, blocks, reactions = [], files = [], edited } = message;
  const stands = message.thread === undefined ? message.stands : undefined;
  const author = authorOf(message, desk);
  const at = new Date(instantOf(ts));
  return (
    <article class="post" data-open={isOpen} data-more={isMore} data-stands={stands} aria-label={author}>
      {isMore ? <span class="face-place" /> : <Face name={author} />}
      <div class="post-body">
        {!isMore && (
          <p class="post-author">
            <strong>{author}</strong>
            {isApp && <span class="badge">{words.app}</span>}
            <time dateTime={at.toISOString()}>{timeOf(ts, language)}</time>
          </p>
        )}
        {isChanging ? (
          <Change
            text={text}
            done={(changed) => {
              setChanging(false);
              if (changed !== undefined) desk.do({ do: 'edit', channel, ts, text: changed });
            }}
          />
        ) : isApp && blocks !== undefined ? (
          <Blocks
            blocks={blocks}
            touch={(block, action, value) => desk.do({ do: 'touch', channel, ts, block, action, value })}
          />
        ) : (
          <p>
            <Mrkdwn text={text} /> {edited && <small>{words.edited}</small>}
          </p>
        )}
        {files.map(({ id, name, type }) =>
          type.startsWith('image/') ? (
            <img key={id} class="shared" src={`/playground/media/${id}`} alt={name} />
          ) : (
            <a key={id} class="shared-file" href={`/playground/media/${id}`} download={name}>
              <Icon name="file" /> {name}
            </a>
          ),
        )}
        {reactions.length > 0 && (
          <p class="reactions">
            {reactions.map((name) => (
              <span key={name} title={`:${name}:`} data-mark={name}>
                <Icon name={MARKS[name] ?? 'unknown'} /> {words.marks[name] ?? name}
              </span>
            ))}
          </p>
        )}
        {replies.length > 0 && (
          <button type="button" class="replies" onClick={() => desk.openThread(channel, ts)}>
            <strong>{words.replies(replies.length)}</strong>{' '}
            <small>{words.lastReply(timeOf(replies.at(-1)?.ts ?? ts, language))}</small>
          </button>
        )}
      </div>
      <div class="tools">
        {message.thread === undefined && !isOpen && (
          <button
            type="button"
            title={words.openThread}
            aria-label={words.openThread}
            onClick={() => desk.openThread(channel, ts)}
          >
            <Icon name="thread" />
          </button>
        )}
        <details class="menu">
          <summary title={words.more} aria-label={words.more}>
            ⋯
          </summary>
          <div class="sheet">
            {Object.entries(words.shortcuts).map(([shortcut, label]) => (
              <button
                key={shortcut}
                type="button"
                onClick={(event) => {
                  shut(event);
                  desk.do({ do: 'shortcut', channel, ts, shortcut });
                }}
              >
                {label} <small>{words.appName}</small>
              </button>
            ))}
            {user === me.user && (
              <>
                <button
                  type="button"
                  onClick={(event) => {
                    shut(event);
                    setChanging(true);
                  }}
                >
                  {words.edit}
                </button>
                <button
                  type="button"
                  class="danger"
                  onClick={(event) => {
                    shut(event);
                    desk.do({ do: 'remove', channel, ts });
                  }}
                >
                  {words.remove}
                </button>
              </>
            )}
          </div>
        </details>
      </div>
    </article>
  );
}

export function authorOf(
  { username, user, isApp }: MessageView,
  { view, words }: Pick<ReturnType<typeof useDesk>, 'view' | 'words'>,
): string {
  if (isApp) return username ?? words.appName;
  return view.members.find((member) => member.user === user)?.shown ?? user;
}

function Change({ text, done }: { text: string; done: (text?: string) => void }) {
  const { words } = useDesk();
  return (
    <form
      class="change"
      onSubmit={(event) => {
        event.preventDefault();
        done(String(new FormData(event.currentTarget).get('text')));
      }}
      onKeyDown={({ key }) => key === 'Escape' && done()}
    >
      <textarea name="text" aria-label={words.edit} rows={2} required defaultValue={text} ref={(it) => it?.focus()} />
      <button type="button" class="act" onClick={() => done()}>
        {words.cancel}
      </button>
      <button type="submit" class="act" data-style="primary">
        {words.save}
      </button>
    </form>
  );
}

function shut({ currentTarget }: { readonly currentTarget: HTMLElement }): void {
  currentTarget.closest('details')?.removeAttribute('open');
}

/** Drawn here: not every machine has a font of emoji. */
const MARKS: Readonly<Record<string, IconName>> = {
  hourglass_flowing_sand: 'clock',
  x: 'close',
  pencil2: 'pencil',
  heavy_check_mark: 'check',
  white_check_mark: 'done',
  eyes: 'eye',
  warning: 'alert',
  grey_question: 'unknown',
  wastebasket: 'close',
  lock: 'lock',
};
