import { useRef, useState } from 'preact/hooks';
import { inBase64, LARGEST } from '../composer.tsx';
import { Icon } from '../icon.tsx';
import { useDesk } from './desk-view.ts';
import { Slash } from './slash.tsx';

interface ComposerParts {
  readonly channel: string;
  readonly name: string;
  /** `ts` of the message that the thread hangs from. */
  readonly thread?: string;
}

/** Where an agent writes. In a channel a word with a slash is a command; Slack has none in threads. */
export function Composer({ channel, name, thread }: ComposerParts) {
  const desk = useDesk();
  const { words } = desk;
  const [text, setText] = useState('');
  const [file, setFile] = useState<File>();
  const field = useRef<HTMLTextAreaElement>(null);
  const label = thread === undefined ? words.write(name) : words.reply;

  async function send(): Promise<void> {
    const said = text.trim();
    if (said === '' && file === undefined) return;
    setText('');
    setFile(undefined);
    field.current?.focus();
    if (thread === undefined && said.startsWith('/')) return desk.do({ do: 'command', channel, text: said });
    if (thread === undefined || file === undefined) return desk.do({ do: 'say', channel, thread, text: said });
    const data = await inBase64(file);
    const type = file.type || 'application/octet-stream';
    desk.do({ do: 'share', channel, thread, text: said, name: file.name, type, data });
  }

  return (
    <form
      class="write"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {thread === undefined && text.startsWith('/') && (
        <Slash
          text={text}
          choose={(command) => {
            setText(command);
            field.current?.focus();
          }}
        />
      )}
      {file !== undefined && (
        <p class="goes">
          <Icon name="file" /> {words.attached(file.name)}
          <button type="button" aria-label={words.takeOff} title={words.takeOff} onClick={() => setFile(undefined)}>
            ×
          </button>
        </p>
      )}
      <textarea
        ref={field}
        aria-label={label}
        placeholder={label}
        value={text}
        rows={1}
        maxLength={8_000}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter while a word is being put together belongs to the keyboard.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <div class="write-tools">
        {thread !== undefined && (
          <label class="attach" title={words.attach}>
            <Icon name="plus" />
            <span class="hidden">{words.attach}</span>
            <input
              type="file"
              onChange={(event) => {
                const [chosen] = event.currentTarget.files ?? [];
                if (chosen !== undefined && chosen.size <= LARGEST) setFile(chosen);
                event.currentTarget.value = '';
              }}
            />
          </label>
        )}
        <button type="submit" class="send" aria-label={words.send} disabled={text.trim() === '' && file === undefined}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
