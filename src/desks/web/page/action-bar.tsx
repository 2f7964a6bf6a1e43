import { useRef } from 'preact/hooks';
import type { Act, Card } from '../protocol.ts';
import { type FormName, Forms, type FormsHandle } from './forms.tsx';
import { Icon, type IconName } from './icon.tsx';
import { mayDo } from './may.ts';
import { useView } from './view.ts';

/** What may be done with the conversation. Each button carries the version of the card that she sees. */
export function ActionBar({ card }: { card: Card }) {
  const { store, state, words } = useView();
  const forms = useRef<FormsHandle>(null);
  const { conversation, version, at } = card;
  const may = mayDo(card, state.world?.me ?? '');
  const act = (wanted: Act) => void store.act(conversation, wanted, version);
  const open = (form: FormName) => forms.current?.open(form);
  const isNobodys = at === 'bot' || at === 'closed';
  return (
    <div class="actions" role="toolbar" aria-label={words.actions}>
      {may.claim && (
        <Button
          shortcut="c"
          icon="hand"
          words={isNobodys ? words.takeOver : words.claim}
          isPrimary
          act={() => act({ do: 'claim' })}
        />
      )}
      {may.decline && <Button icon="close" words={words.decline} act={() => act({ do: 'decline' })} />}
      {may.finish && (
        <Button shortcut="e" icon="check" words={words.finish} isPrimary act={() => act({ do: 'finish' })} />
      )}
      {may.handOver && <Button icon="hand" words={words.handOver} isPrimary act={() => act({ do: 'hand_over' })} />}
      {may.transfer && <Button shortcut="t" icon="hand" words={words.transfer} act={() => open('transfer')} />}
      {may.consult && <Button shortcut="o" icon="people" words={words.consult} act={() => open('consult')} />}
      {may.hold && <Button shortcut="h" icon="pause" words={words.hold} act={() => open('hold')} />}
      {may.resume && <Button shortcut="h" icon="play" words={words.resume} act={() => act({ do: 'resume' })} />}
      {may.toBot && <Button shortcut="b" icon="bot" words={words.toBot} act={() => open('return')} />}
      {may.close && <Button shortcut="e" icon="check" words={words.end} act={() => open('close')} />}
      <Forms card={card} handle={forms} />
    </div>
  );
}

interface ButtonParts {
  readonly icon: IconName;
  readonly words: string;
  readonly act: () => void;
  readonly isPrimary?: boolean;
  /** The key that presses it: see `shortcuts.ts`. */
  readonly shortcut?: string;
}

function Button({ icon, words, act, isPrimary = false, shortcut }: ButtonParts) {
  const title = shortcut === undefined ? words : `${words} (${shortcut.toUpperCase()})`;
  return (
    <button type="button" class={isPrimary ? 'primary' : ''} title={title} data-shortcut={shortcut} onClick={act}>
      <Icon name={icon} /> <span>{words}</span>
    </button>
  );
}
