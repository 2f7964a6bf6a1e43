import { h, render } from 'preact';
import type { ChatMessage } from '../protocol.ts';
import type { View } from './view.ts';

/** Where the build has put the rest of the widget: what draws all that is filled in before it is sent. Fetched when first needed. */
declare const FORM: string;

/** Answers to tap. A form, several answers to tick and a day to pick are drawn by a script of their own, into a place of theirs. */
export function Choices({ message, view }: { message: ChatMessage; view: View }) {
  const { form, multiple, input, choices } = message;
  return (
    <>
      {(form || multiple || input === 'date') && (
        <div
          ref={(place) => {
            if (place)
              void import(FORM).then(({ ask }: typeof import('../form.tsx')) => ask(h, render, place, message, view));
          }}
        />
      )}
      {!form && !multiple && choices && (
        <fieldset class="choices" aria-label={view.words.log}>
          {choices.map(({ token, label }) => (
            <button
              type="button"
              class="choice"
              onClick={() => view.chat.send({ text: label, answer: { choice: token } })}
            >
              {label}
            </button>
          ))}
        </fieldset>
      )}
    </>
  );
}
