import { useState } from 'preact/hooks';
import type { ChatMessage } from '../protocol.ts';
import type { Words } from '../words.ts';
import { Icon } from './icon.tsx';

interface ChoicesProps {
  readonly message: ChatMessage;
  readonly words: Words;
  /** `byKeyboard`: where the focus should go next depends on how the choice was made. */
  choose(text: string, choice: string | readonly string[], byKeyboard: boolean): void;
}

/** Answers to tap: one at once, or several and then "send choice". Keyed by message, so that picks never leak into the next question. */
export function Choices({ message, words, choose }: ChoicesProps) {
  const [picked, pick] = useState<readonly string[]>([]);
  const choices = message.choices ?? [];
  const many = message.multiple === true;
  const chosen = choices.filter(({ token }) => picked.includes(token));
  return (
    <fieldset class="choices" aria-label={many ? words.chooseMany : words.choose}>
      {choices.map(({ token, label }) => {
        const on = picked.includes(token);
        return (
          <button
            type="button"
            class="choice"
            dir="auto"
            aria-pressed={many ? on : undefined}
            onClick={(event) =>
              many
                ? pick(on ? picked.filter((other) => other !== token) : [...picked, token])
                : choose(label, token, event.detail === 0)
            }
          >
            {many && on && <Icon name="check" />}
            {label}
          </button>
        );
      })}
      {many && (
        <button
          type="button"
          class="choice done"
          disabled={chosen.length === 0}
          onClick={(event) =>
            choose(
              chosen.map(({ label }) => label).join(', '),
              chosen.map(({ token }) => token),
              event.detail === 0,
            )
          }
        >
          {words.done}
        </button>
      )}
    </fieldset>
  );
}
