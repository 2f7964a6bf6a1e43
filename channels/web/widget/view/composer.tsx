import { openChoices } from '../timeline.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import type { View } from './view.ts';

/** In UTF-16 units. */
const LONGEST = 4000;

/** Where the customer writes. Enter sends, Shift+Enter breaks the line. */
export function Composer({ view: { chat, state, words } }: { view: View }) {
  const { timeline, waiting, uploads } = state;
  const input = openChoices(timeline, waiting)?.input;

  const send = (form: HTMLFormElement) => {
    const { value } = form.text;
    if (uploads.some(({ progress }) => progress < 1) || !chat.send({ text: value.trim() })) return;
    form.text.value = '';
    grow(form.text);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send(event.currentTarget);
        event.currentTarget.text.focus();
      }}
    >
      {uploads.map(({ key, name, progress, failed }) => (
        <div class="upload" key={key}>
          <Icon name="file" />
          <bdi>{name}</bdi>
          {failed !== undefined ? (
            <small class="refused" role="alert">
              {failed || words.refused}
            </small>
          ) : (
            <progress value={progress} aria-label={name} />
          )}
          <IconButton icon="cross" name={`${words.remove} ${name}`} onClick={() => chat.detach(key)} />
        </div>
      ))}
      <div class="field">
        <textarea
          name="text"
          rows={1}
          maxLength={LONGEST}
          placeholder={words.write}
          aria-label={words.write}
          inputMode={input === 'code' ? 'numeric' : input === 'email' ? input : undefined}
          enterkeyhint="send"
          onInput={({ currentTarget }) => {
            grow(currentTarget);
            chat.type(currentTarget.value !== '');
          }}
          onKeyDown={(event) => {
            // While an input method composes, Enter picks a word. Safari ends the composition before this event and tells by 229.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
          onPaste={(event) => {
            const files = event.clipboardData?.files;
            if (!files?.length) return;
            event.preventDefault();
            chat.attach(files);
          }}
        />
        <IconButton
          icon="attach"
          name={words.attach}
          onClick={({ currentTarget }) => currentTarget.form?.file.click()}
        />
        <IconButton icon="send" name={words.send} type="submit" class="quiet primary" />
      </div>
      <input
        type="file"
        name="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          chat.attach(currentTarget.files ?? []);
          currentTarget.value = '';
        }}
      />
      <button type="button" class="human" onClick={() => chat.send({ text: words.human })}>
        <Icon name="human" />
        {words.human}
      </button>
    </form>
  );
}

/** As high as its text; CSS sets the ceiling. */
function grow(field: HTMLElement): void {
  field.style.height = '';
  field.style.height = `${field.scrollHeight}px`;
}
