import { useEffect, useState } from 'preact/hooks';
import type { RenderedReply } from '../../../handoff/replies.ts';
import { useView } from './view.ts';

/** Ready-made replies, in the customer's language and with what is known of her. What is missing she fills in. */
export function Canned({ conversation, take }: { conversation: string; take: (text: string) => void }) {
  const { store, words } = useView();
  const [replies, setReplies] = useState<readonly RenderedReply[]>([]);
  useEffect(() => {
    let isGone = false;
    void store.replies(conversation).then((found) => {
      if (!isGone) setReplies(found);
    });
    return () => {
      isGone = true;
    };
  }, [store, conversation]);
  if (replies.length === 0) return null;
  return (
    <label class="canned">
      <span class="hidden">{words.canned}</span>
      <select
        value=""
        onChange={({ currentTarget }) => {
          const reply = replies.find(({ name }) => name === currentTarget.value);
          currentTarget.value = '';
          if (reply !== undefined) take(reply.text);
        }}
      >
        <option value="">{words.canned}</option>
        {replies.map(({ name, text }) => (
          <option key={name} value={name}>
            {`${name} · ${text.slice(0, 60)}`}
          </option>
        ))}
      </select>
    </label>
  );
}
