import { useRef, useState } from 'preact/hooks';
import type { Card } from '../protocol.ts';
import { Canned } from './canned.tsx';
import { Icon } from './icon.tsx';
import { mayDo } from './may.ts';
import { plain } from './plain.ts';
import type { Uploaded } from './store.ts';
import { agentCalled, nameOf, useView } from './view.ts';

/** What was begun in each conversation: it stands there when she comes back. */
const DRAFTS = new Map<string, string>();

/** Where she writes: to the customer, or to the team. The two look nothing like each other. */
export function Composer({ card }: { card: Card }) {
  const { store, state, words } = useView();
  const { conversation, at } = card;
  const may = mayDo(card, state.world?.me ?? '');
  const [wanted, setWanted] = useState<'reply' | 'note'>('reply');
  const [text, setText] = useState(DRAFTS.get(conversation) ?? '');
  const [files, setFiles] = useState<readonly Uploaded[]>([]);
  const [isUploading, setUploading] = useState(false);
  const [original, setOriginal] = useState<string>();
  const [translating, setTranslating] = useState<'no' | 'yes' | 'failed'>('no');
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  // What cannot be a reply is a note, and says so, before anything is written.
  const mode = may.say ? wanted : 'note';

  const write = (next: string) => {
    setText(next);
    DRAFTS.set(conversation, next);
  };
  const choose = (next: 'reply' | 'note') => {
    setWanted(next);
    field.current?.focus();
  };
  const translate = async () => {
    const meant = text.trim();
    setTranslating('yes');
    const translated = await store.translate(conversation, meant);
    setTranslating(translated === undefined ? 'failed' : 'no');
    // What she has written meanwhile is not written over.
    if (translated !== undefined && DRAFTS.get(conversation)?.trim() === meant) {
      write(translated);
      setOriginal(meant);
    }
    field.current?.focus();
  };
  const send = async () => {
    const said = text.trim();
    const ids = mode === 'reply' ? files.map(({ id }) => id) : [];
    if (said === '' && ids.length === 0) return;
    write('');
    setOriginal(undefined);
    setTranslating('no');
    if (mode === 'reply') setFiles([]);
    const done = await store.act(
      conversation,
      mode === 'note'
        ? { do: 'note', text: said }
        : { do: 'say', text: said, ...(ids.length === 0 ? {} : { files: ids }) },
    );
    if (done) return;
    // Nothing she wrote is lost.
    write(said);
    setFiles(files);
  };
  const attach = async (chosen: readonly File[]) => {
    setUploading(true);
    for (const file of chosen) {
      const uploaded = await store.upload(conversation, file);
      if (uploaded !== undefined) setFiles((before) => [...before.filter(({ id }) => id !== uploaded.id), uploaded]);
    }
    setUploading(false);
    field.current?.focus();
  };

  const { others, ...hints } = words.cannotReply;
  const hint = may.say
    ? undefined
    : ((hints as Readonly<Record<string, string>>)[at] ?? others(agentCalled(card.agent, state)));
  return (
    <form
      class="composer"
      data-mode={mode}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onDragOver={(event) => mode === 'reply' && event.preventDefault()}
      onDrop={(event) => {
        if (mode !== 'reply' || event.dataTransfer === null) return;
        event.preventDefault();
        void attach([...event.dataTransfer.files]);
      }}
    >
      {hint !== undefined && <p class="hint">{hint}</p>}
      <div class="modes">
        <button
          type="button"
          data-shortcut="r"
          aria-pressed={mode === 'reply'}
          disabled={!may.say}
          onClick={() => choose('reply')}
        >
          <Icon name="reply" /> {words.reply}
        </button>
        <button
          type="button"
          data-shortcut="n"
          aria-pressed={mode === 'note'}
          disabled={!may.note}
          onClick={() => choose('note')}
        >
          <Icon name="note" /> {words.note}
        </button>
        {mode === 'note' && <span class="only">{words.onlyTeam}</span>}
      </div>
      <textarea
        ref={field}
        rows={3}
        maxLength={8000}
        value={text}
        disabled={!may.say && !may.note}
        aria-label={mode === 'reply' ? words.replyTo(nameOf(card, words)) : words.noteTo}
        placeholder={mode === 'reply' ? words.replyTo(nameOf(card, words)) : words.noteTo}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter that ends an input method's word is no Enter.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          void send();
        }}
        onPaste={(event) => {
          const pasted = [...(event.clipboardData?.files ?? [])];
          if (mode !== 'reply' || pasted.length === 0) return;
          event.preventDefault();
          void attach(pasted);
        }}
      />
      {original !== undefined && mode === 'reply' && (
        <p class="meant">
          <span>{words.translated}</span> <q>{plain(original)}</q>{' '}
          <button
            type="button"
            onClick={() => {
              write(original);
              setOriginal(undefined);
            }}
          >
            <Icon name="undo" /> {words.asWritten}
          </button>
        </p>
      )}
      {files.length > 0 && mode === 'reply' && (
        <ul class="attached">
          {files.map(({ id, name }) => (
            <li key={id}>
              <Icon name="file" /> <bdi>{plain(name)}</bdi>
              <button
                type="button"
                class="icon-button"
                aria-label={`${words.remove}: ${plain(name)}`}
                onClick={() => setFiles(files.filter((file) => file.id !== id))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="below">
        {mode === 'reply' && (
          <button
            type="button"
            class="icon-button"
            aria-label={words.attach}
            title={words.attach}
            onClick={() => picker.current?.click()}
          >
            <Icon name="clip" />
          </button>
        )}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            const chosen = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = '';
            void attach(chosen);
          }}
        />
        {mode === 'reply' && (
          <Canned
            conversation={conversation}
            take={(reply) => {
              write(text.trim() === '' ? reply : `${text.trimEnd()} ${reply}`);
              field.current?.focus();
            }}
          />
        )}
        {mode === 'reply' && card.translates && (
          <button
            type="button"
            disabled={text.trim() === '' || translating === 'yes' || original !== undefined}
            onClick={() => void translate()}
          >
            {translating === 'yes' ? words.translating : words.translate(card.customer.locale)}
          </button>
        )}
        <span class="soft" role="status">
          {translating === 'failed' && words.untranslated}
        </span>
        {isUploading && <span class="soft">{words.uploading}</span>}
        <button type="submit" class="primary" disabled={text.trim() === '' && (mode === 'note' || files.length === 0)}>
          <Icon name={mode === 'reply' ? 'send' : 'note'} /> {mode === 'reply' ? words.send : words.keepNote}
        </button>
      </div>
    </form>
  );
}
