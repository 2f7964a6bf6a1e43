import type { Ref } from 'preact';
import { useImperativeHandle, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Act, Card } from '../protocol.ts';
import { useView } from './view.ts';

export type FormName = 'transfer' | 'consult' | 'hold' | 'return' | 'close';

export interface FormsHandle {
  open(form: FormName): void;
}

const MINUTES = [5, 15, 60, 0];

/** What must be told before something is done: to whom, why, how it ended. One window, one form at a time. */
export function Forms({ card, handle }: { card: Card; handle: Ref<FormsHandle> }) {
  const { store, words } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  const [form, setForm] = useState<FormName>('transfer');
  /** Counts openings: a form begins empty each time. */
  const [opening, setOpening] = useState(0);
  /** Of the card as it was when she began: what she decides upon has not changed under her hands. */
  const [version, setVersion] = useState(card.version);
  useImperativeHandle(handle, () => ({
    open(name) {
      setForm(name);
      setVersion(card.version);
      setOpening((count) => count + 1);
    },
  }));
  // Once its form stands there: the focus goes into it.
  useLayoutEffect(() => {
    if (opening > 0) dialog.current?.showModal();
  }, [opening]);
  const done = async (act: Act, couldBot: string) => {
    dialog.current?.close();
    const isDone = await store.act(card.conversation, act, version);
    // What the bot could learn is for the team to read.
    if (isDone && couldBot !== '')
      await store.act(card.conversation, { do: 'note', text: `${words.couldBot} ${couldBot}` });
  };
  const titles = {
    transfer: words.transfer,
    consult: words.consult,
    hold: words.hold,
    return: words.toBot,
    close: words.end,
  };
  return (
    <dialog ref={dialog} aria-labelledby="form-title">
      <form
        key={opening}
        onSubmit={(event) => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          void done(actIn(form, data), String(data.get('bot') ?? ''));
        }}
      >
        <h2 id="form-title">{titles[form]}</h2>
        {form === 'transfer' && <Transfer card={card} />}
        {form === 'consult' && <Consult />}
        {form === 'hold' && <Hold />}
        {form === 'return' && <Outcome sentence={words.returnSentence} />}
        {form === 'close' && <Close />}
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {words.cancel}
          </button>
          <button type="submit" class="primary">
            {titles[form]}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function actIn(form: FormName, data: FormData): Act {
  const text = (name: string) => String(data.get(name) ?? '');
  const [kind, name = ''] = text('to').split(/:(.*)/s);
  switch (form) {
    case 'transfer':
      return kind === 'queue'
        ? { do: 'requeue', queue: name, note: text('note') }
        : { do: 'transfer', to: name, note: text('note') };
    case 'consult':
      return { do: 'consult', with: name, note: text('note') };
    case 'hold': {
      const minutes = Number(text('minutes'));
      return minutes === 0 ? { do: 'hold' } : { do: 'hold', minutes };
    }
    case 'return':
      return { do: 'return', outcome: text('outcome') };
    case 'close':
      return { do: 'close', outcome: text('outcome'), topic: text('topic').trim() };
  }
}

function Transfer({ card }: { card: Card }) {
  const { state, words } = useView();
  return (
    <>
      <label>
        {words.to}
        <select name="to" required>
          <Colleagues />
          <optgroup label={words.queues}>
            {state.world?.queues
              .filter((queue) => queue !== card.queue || card.at !== 'queued')
              .map((queue) => (
                <option key={queue} value={`queue:${queue}`}>
                  {queue}
                </option>
              ))}
          </optgroup>
        </select>
      </label>
      <Note label={words.whyTransfer} />
    </>
  );
}

function Consult() {
  const { words } = useView();
  return (
    <>
      <label>
        {words.to}
        <select name="to" required>
          <Colleagues />
        </select>
      </label>
      <Note label={words.whyConsult} />
    </>
  );
}

function Colleagues() {
  const { state, words } = useView();
  const others = state.world?.agents.filter(({ name }) => name !== state.world?.me) ?? [];
  return (
    <optgroup label={words.agents}>
      {others.map(({ name, shown, presence }) => (
        <option key={name} value={`agent:${name}`} disabled={presence === 'offline'}>
          {`${shown} · ${words.presences[presence]}`}
        </option>
      ))}
    </optgroup>
  );
}

function Note({ label }: { label: string }) {
  return (
    <label>
      {label}
      <textarea name="note" required rows={3} maxLength={8000} />
    </label>
  );
}

function Hold() {
  const { words } = useView();
  return (
    <fieldset class="radios">
      <legend>{words.holdFor}</legend>
      {MINUTES.map((minutes, index) => (
        <label key={minutes}>
          <input type="radio" name="minutes" value={minutes} defaultChecked={index === 1} />
          {words.holdWords[minutes]}
        </label>
      ))}
    </fieldset>
  );
}

function Outcome({ sentence }: { sentence?: string }) {
  const { words } = useView();
  return (
    <>
      {sentence !== undefined && <p class="soft">{sentence}</p>}
      <label>
        {words.outcome}
        <select name="outcome" required>
          {Object.entries(words.outcomes).map(([outcome, word]) => (
            <option key={outcome} value={outcome}>
              {word}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Close() {
  const { words } = useView();
  return (
    <>
      <Outcome />
      <label>
        {words.topic}
        <input name="topic" required maxLength={200} autocomplete="off" pattern=".*\S.*" />
      </label>
      <fieldset class="radios inline">
        <legend>{words.couldBot}</legend>
        <label>
          <input type="radio" name="bot" value={words.yes} /> {words.yes}
        </label>
        <label>
          <input type="radio" name="bot" value={words.no} /> {words.no}
        </label>
      </fieldset>
    </>
  );
}
