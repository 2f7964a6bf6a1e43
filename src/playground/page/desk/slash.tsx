import { useDesk } from './desk-view.ts';

const COMMAND = '/desk';

/** What can be typed behind the slash, as far as it fits. */
export function Slash({ text, choose }: { text: string; choose: (command: string) => void }) {
  const { words } = useDesk();
  const fitting = Object.entries(words.slash)
    .map(([rest, about]) => ({ command: `${COMMAND} ${rest}`, about }))
    .filter(({ command }) => command.startsWith(text.trimStart()) && command !== text);
  if (fitting.length === 0) return null;
  return (
    <ul class="slash" aria-label={words.commands}>
      {fitting.map(({ command, about }) => (
        <li key={command}>
          <button type="button" onClick={() => choose(command)}>
            <strong>{command.replace('#', '#…')}</strong> <small>{about}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}
