import { useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { lookOf } from './looks.ts';
import { suggest } from './suggest.ts';
import { useView } from './view.ts';

/** Bytes; the door takes no more. */
export const LARGEST = 2 * 1024 * 1024;

/** Where she writes, with what she might say above it. */
export function Composer({ kind, canAttach }: { kind: string; canAttach: boolean }) {
  const { act, words, language, state } = useView();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const name = lookOf(kind).name[language];
  const say = (words: string) => {
    if (words.trim() === '') return;
    act({ do: 'write', kind, text: words });
    setText('');
  };
  return (
    <div class="composer">
      <fieldset class="suggestions">
        <legend>{words.suggestions}</legend>
        {suggest(kind, state).map((words) => (
          <button key={words} type="button" onClick={() => say(words)}>
            {words}
          </button>
        ))}
      </fieldset>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          say(text);
          field.current?.focus();
        }}
      >
        {canAttach && (
          <label class="attach" title={words.attach}>
            <Icon name="plus" />
            <span class="hidden">{words.attach}</span>
            <input
              type="file"
              accept="image/*"
              onChange={async (event) => {
                const input = event.currentTarget;
                const [file] = input.files ?? [];
                if (file !== undefined && file.size <= LARGEST)
                  act({
                    do: 'attach',
                    kind,
                    name: file.name,
                    type: file.type || 'image/png',
                    data: await inBase64(file),
                  });
                input.value = '';
              }}
            />
          </label>
        )}
        <input
          ref={field}
          aria-label={words.messageTo(name)}
          placeholder={words.message}
          value={text}
          maxLength={4000}
          autocomplete="off"
          enterKeyHint="send"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="send" aria-label={words.send} disabled={text.trim() === ''}>
          <Icon name="send" />
        </button>
      </form>
    </div>
  );
}

export function inBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read.'));
    reader.readAsDataURL(file);
  });
}
