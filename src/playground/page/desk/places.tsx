import type { ChannelView } from '../../protocol.ts';
import { Icon } from '../icon.tsx';
import { Composer } from './composer.tsx';
import { useDesk } from './desk-view.ts';
import { Messages } from './messages.tsx';

/** A channel: its cards, and where commands are typed. */
export function Channel({ channel, openThread }: { channel: ChannelView; openThread: string | undefined }) {
  const { words, me } = useDesk();
  const { id, name, messages, whispers } = channel;
  return (
    <div class="talk">
      <header class="place-head">
        <h3># {name}</h3>
      </header>
      <Messages
        key={`${id} ${me.user}`}
        channel={channel}
        label={`#${name}`}
        messages={messages.filter(({ thread }) => thread === undefined)}
        whispers={whispers.filter(({ user, thread_ts: thread }) => user === me.user && thread === undefined)}
        replies={({ ts }) => messages.filter(({ thread }) => thread === ts)}
        openThread={openThread}
      >
        <p class="nobody">{words.nothing(name)}</p>
      </Messages>
      <Composer key={`${id} ${me.user}`} channel={id} name={name} />
    </div>
  );
}

/** A conversation with a customer: what was said, and where she is answered. */
export function Thread({ channel, root, close }: { channel: ChannelView; root: string; close: () => void }) {
  const { words, me } = useDesk();
  const { id, name, messages, whispers } = channel;
  return (
    <section class="thread" aria-label={words.thread}>
      <header class="place-head">
        <h3>{words.thread}</h3>
        <small># {name}</small>
        <button type="button" class="shut" aria-label={words.closeThread} title={words.closeThread} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <Messages
        key={`${root} ${me.user}`}
        channel={channel}
        label={words.thread}
        messages={messages.filter(({ ts, thread }) => ts === root || thread === root)}
        whispers={whispers.filter(({ user, thread_ts: thread }) => user === me.user && thread === root)}
        openThread={root}
      />
      <Composer key={`${root} ${me.user}`} channel={id} name={name} thread={root} />
    </section>
  );
}
