import type { ChatMessage } from '../protocol.ts';
import type { View } from './view.ts';

/** Answers to tap: one at once, or several and then "send". */
export function Choices({ message, view }: { message: ChatMessage; view: View }) {
  const { chat, words } = view;
  const choices = message.choices ?? [];
  if (!message.multiple)
    return (
      <fieldset class="choices" aria-label={words.log}>
        {choices.map(({ token, label }) => (
          <button type="button" class="choice" onClick={() => chat.send({ text: label, choice: token })}>
            {label}
          </button>
        ))}
      </fieldset>
    );
  return (
    <form
      class="choices"
      aria-label={words.log}
      onSubmit={(event) => {
        event.preventDefault();
        const tokens = new FormData(event.currentTarget).getAll('token');
        const picked = choices.filter(({ token }) => tokens.includes(token));
        if (picked.length > 0)
          chat.send({ text: picked.map(({ label }) => label).join(', '), choice: picked.map(({ token }) => token) });
      }}
    >
      {choices.map(({ token, label }) => (
        <label class="choice">
          <input type="checkbox" name="token" value={token} />
          {label}
        </label>
      ))}
      <button type="submit" class="choice primary">
        {words.send}
      </button>
    </form>
  );
}
