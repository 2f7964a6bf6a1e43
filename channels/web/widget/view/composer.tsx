import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../protocol.ts';
import type { Words } from '../words.ts';
import { Icon } from './icon.tsx';
import type { Upload } from './uploads.ts';

interface ComposerProps {
  readonly words: Words;
  /** What kind of answer the bot is waiting for. */
  readonly input: Message['input'];
  readonly uploads: readonly Upload[];
  attach(files: Iterable<File>): void;
  /** False when the text could not be kept and should stay here. */
  send(text: string): boolean;
  typing(on: boolean): void;
  human(): void;
}

const LONGEST = 4000;
/** Which keyboard a phone should show. */
const KEYBOARDS: Partial<Record<NonNullable<Message['input']>, string>> = {
  number: 'decimal',
  code: 'numeric',
  email: 'email',
  phone: 'tel',
};

/** Where the customer writes. Enter sends, Shift+Enter breaks the line. */
export function Composer({ words, input, uploads, attach, send, typing, human }: ComposerProps) {
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const uploading = uploads.some((upload) => !upload.stored && upload.failed === undefined);
  const ready = !uploading && (text.trim() !== '' || uploads.some((upload) => upload.stored));

  // Grows with its text; CSS sets the ceiling.
  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text]);

  const submit = () => {
    if (!ready || !send(text.trim())) return;
    setText('');
    typing(false);
    field.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {uploads.length > 0 && (
        <ul class="uploads">
          {uploads.map((upload) => (
            <li class={upload.failed === undefined ? '' : 'failed'}>
              <Icon name="file" />
              <bdi>{upload.name}</bdi>
              {upload.failed !== undefined ? (
                <small role="alert">{upload.failed || words.uploadFailed}</small>
              ) : (
                !upload.stored && (
                  <progress value={upload.progress} max={1} aria-label={`${words.uploading} ${upload.name}`} />
                )
              )}
              <button
                type="button"
                class="quiet"
                aria-label={`${words.remove}: ${upload.name}`}
                onClick={upload.cancel}
              >
                <Icon name="cross" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          maxLength={LONGEST}
          value={text}
          dir="auto"
          placeholder={words.write}
          aria-label={words.write}
          inputMode={(input && KEYBOARDS[input]) || 'text'}
          autocomplete={
            input === 'code' ? 'one-time-code' : input === 'email' ? 'email' : input === 'phone' ? 'tel' : 'off'
          }
          enterkeyhint="send"
          onInput={(event) => {
            setText(event.currentTarget.value);
            typing(event.currentTarget.value !== '');
          }}
          onBlur={() => typing(false)}
          onKeyDown={(event) => {
            // While an input method composes, Enter picks a word. Safari ends the composition before this event and tells by 229.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            submit();
          }}
          onPaste={(event) => {
            const files = event.clipboardData?.files;
            if (!files?.length) return;
            event.preventDefault();
            attach(files);
          }}
        />
        <button
          type="button"
          class={`quiet ${input === 'file' ? 'wanted' : ''}`}
          aria-label={words.attach}
          title={words.attach}
          onClick={() => picker.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <button type="submit" class="send" aria-label={words.send} title={words.send} aria-disabled={!ready}>
          <Icon name="send" />
        </button>
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-label={words.attach}
        onChange={(event) => {
          attach([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
          field.current?.focus();
        }}
      />
      <button type="button" class="human" onClick={human}>
        <Icon name="human" />
        {words.human}
      </button>
    </form>
  );
}
