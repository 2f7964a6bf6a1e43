import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ChannelView, MessageView } from '../../protocol.ts';
import { Icon } from '../icon.tsx';
import { Blocks } from './blocks.tsx';
import { timeOf, useDesk } from './desk-view.ts';
import { Face } from './face.tsx';
import { authorOf, Message } from './message.tsx';
import { Mrkdwn } from './text.tsx';

type Whisper = ChannelView['whispers'][number];

/** Who has no mouse scrolls it with the keys. */
const SCROLLS = { tabIndex: 0 };
/** Milliseconds within which one author's messages stand together. */
const TOGETHER = 5 * 60;

interface ListParts {
  readonly channel: ChannelView;
  readonly messages: readonly MessageView[];
  /** Of the same place, to whoever looks. */
  readonly whispers: readonly Whisper[];
  /** Their answers, where they are shown without them. */
  readonly replies?: (message: MessageView) => readonly MessageView[];
  readonly openThread?: string | undefined;
  readonly label: string;
  /** Shown while there is nothing. */
  readonly children?: ComponentChildren;
}

/** Messages with the newest in sight, and between them what only the one who looks is shown. */
export function Messages({ channel, messages, whispers, replies, openThread, label, children }: ListParts) {
  const desk = useDesk();
  const log = useRef<HTMLDivElement>(null);
  const last = messages.at(-1);
  const newest = `${last?.ts} ${last?.reactions?.length} ${whispers.at(-1)?.ts}`;
  const seen = useRef('');
  useLayoutEffect(() => {
    if (newest !== seen.current) log.current?.scrollTo({ top: log.current.scrollHeight });
    seen.current = newest;
  }, [newest]);
  const shown = [
    ...messages.map((message) => ({ ts: message.ts, message, whisper: undefined })),
    ...whispers.map((whisper) => ({ ts: whisper.ts, message: undefined, whisper })),
  ].sort((one, other) => Number(one.ts) - Number(other.ts));
  return (
    <div class="posts" ref={log} role="log" aria-label={label} {...SCROLLS}>
      {shown.length === 0 && children}
      {shown.map(({ ts, message, whisper }, at) => {
        if (whisper !== undefined) return <WhisperView key={ts} channel={channel.id} whisper={whisper} />;
        const before = shown[at - 1]?.message;
        const isMore =
          message.thread !== undefined &&
          before !== undefined &&
          before.thread !== undefined &&
          authorOf(before, desk) === authorOf(message, desk) &&
          Number(ts) - Number(before.ts) < TOGETHER;
        return (
          <Message
            key={ts}
            channel={channel.id}
            message={message}
            isMore={isMore}
            isOpen={openThread === ts}
            replies={replies?.(message) ?? []}
          />
        );
      })}
    </div>
  );
}

function WhisperView({ channel, whisper }: { channel: string; whisper: Whisper }) {
  const desk = useDesk();
  const { words, language } = desk;
  const { ts, text, blocks } = whisper;
  return (
    <div class="post whisper" role="status">
      <Face name={words.appName} />
      <div class="post-body">
        <p class="only">
          <Icon name="eye" />
          {words.onlyYou}
        </p>
        <p class="post-author">
          <strong>{words.appName}</strong> <span class="badge">{words.app}</span>
          <time>{timeOf(ts, language)}</time>
        </p>
        {blocks === undefined ? (
          <p>
            <Mrkdwn text={text} />
          </p>
        ) : (
          <Blocks blocks={blocks} touch={() => undefined} />
        )}
        <button type="button" class="plain" onClick={() => desk.do({ do: 'overlook', channel, ts })}>
          {words.overlook}
        </button>
      </div>
    </div>
  );
}
