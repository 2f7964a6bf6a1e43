import { useState } from 'preact/hooks';
import type { TaskCard } from '../../../handoff/desk.ts';
import { REASONS, type Reason } from '../../../handoff/review/judgement.ts';
import type { Act, Card } from '../protocol.ts';
import { DRAFT_WORDS } from './draft-words.ts';
import { Icon } from './icon.tsx';
import { plain } from './plain.ts';
import { useView } from './view.ts';

/** What the bot would say, or has said: the same for everybody who looks on. */
export function Drafts({ card }: { card: Card }) {
  const open = (card.tasks ?? []).filter(({ proposal, ended }) => proposal !== undefined && ended === undefined);
  if (open.length === 0) return null;
  return (
    <div class="drafts">
      {open.map((task) => (
        // Another draft under the same task begins anew.
        <Draft key={`${task.id}:${task.proposal?.draft.source.document}`} card={card} task={task} />
      ))}
    </div>
  );
}

function Draft({ card, task }: { card: Card; task: TaskCard }) {
  const { store, state, language } = useView();
  const [form, setForm] = useState<'edit' | 'reject'>();
  const [isBusy, setBusy] = useState(false);
  const { proposal } = task;
  if (proposal === undefined) return null;
  const words = DRAFT_WORDS[language];
  const { how, why, draft } = proposal;
  const act = async (wanted: Act) => {
    setBusy(true);
    if (await store.act(card.conversation, wanted)) setForm(undefined);
    setBusy(false);
  };
  const isFree = card.at === 'bot' || card.at === 'closed';
  const maySend = how === 'sample' || isFree || card.agent === state.world?.me;
  const title = `${words.title[how]}${why === undefined ? '' : ` · ${words.why[why]}`}`;
  const grounded = draft.grounding.filter((is) => is).length;
  return (
    <section class="draft" data-how={how} aria-label={title}>
      <h3>
        <Icon name="bot" /> {title}
      </h3>
      <p class="asked">
        {words.asked}: <q dir="auto">{plain(draft.question)}</q>
      </p>
      {form !== 'edit' && (
        <p class="answer" dir="auto">
          {plain(draft.text)}
        </p>
      )}
      <div class="grounds">
        <span class="tag" data-whole={grounded === draft.grounding.length}>
          {words.grounded(grounded, draft.grounding.length)}
        </span>
        <Grounds source={draft.source} />
      </div>
      {form === 'edit' && <Edit task={task} give={act} leave={() => setForm(undefined)} isBusy={isBusy} />}
      {form === 'reject' && <Reject task={task} give={act} leave={() => setForm(undefined)} isBusy={isBusy} />}
      {form === undefined && (
        <div class="buttons">
          {!maySend && <span class="soft">{words.theirs}</span>}
          {how !== 'sample' && draft.others.length > 0 && (
            <button type="button" disabled={isBusy} onClick={() => void act({ do: 'another', task: task.id })}>
              {words.another}
            </button>
          )}
          <button type="button" disabled={isBusy} onClick={() => setForm('reject')}>
            {words.reject}
          </button>
          <button type="button" disabled={isBusy || !maySend} onClick={() => setForm('edit')}>
            {words.edit}
          </button>
          <button
            type="button"
            class="primary"
            disabled={isBusy || !maySend}
            onClick={() => void act({ do: 'judge', task: task.id, verdict: 'sent' })}
          >
            <Icon name={how === 'sample' ? 'check' : 'send'} /> {how === 'sample' ? words.right : words.send}
          </button>
        </div>
      )}
    </section>
  );
}

function Grounds({ source }: { source: NonNullable<TaskCard['proposal']>['draft']['source'] }) {
  const { language } = useView();
  const words = DRAFT_WORDS[language];
  const isAddress = source.url !== undefined && /^https?:\/\//i.test(source.url);
  return (
    <details>
      <summary>
        {words.source}: {plain(source.title)}
      </summary>
      <p dir="auto">{plain(source.passage)}</p>
      {isAddress && (
        <a href={source.url} target="_blank" rel="noopener noreferrer">
          {words.passage}
        </a>
      )}
    </details>
  );
}

interface FormParts {
  readonly task: TaskCard;
  readonly give: (act: Act) => Promise<void>;
  readonly leave: () => void;
  readonly isBusy: boolean;
}

function Edit({ task, give, leave, isBusy }: FormParts) {
  const { language } = useView();
  const words = DRAFT_WORDS[language];
  const isSample = task.proposal?.how === 'sample';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const { text, reason, note } = fieldsOf(event.currentTarget);
        void give({
          ...{ do: 'judge', task: task.id, verdict: 'sent', text },
          ...(reason === '' ? {} : { reason: reason as Reason }),
          ...(note === '' ? {} : { note }),
        });
      }}
    >
      <label>
        {words.edited}
        <textarea name="text" rows={4} maxLength={8000} required defaultValue={task.proposal?.draft.text} ref={focus} />
      </label>
      <Why label={words.why_edited} none={words.no_reason} />
      <Note />
      <Ends leave={leave} isBusy={isBusy} label={isSample ? words.keep : words.send} />
    </form>
  );
}

function Reject({ task, give, leave, isBusy }: FormParts) {
  const { language } = useView();
  const words = DRAFT_WORDS[language];
  const [reason, setReason] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const { text, reason: chosen, flow, note } = fieldsOf(event.currentTarget);
        void give({
          ...{ do: 'judge', task: task.id, verdict: 'rejected', reason: chosen as Reason },
          ...(text === '' ? {} : { text }),
          ...(flow === '' ? {} : { flow }),
          ...(note === '' ? {} : { note }),
        });
      }}
    >
      <Why label={words.why_rejected} change={setReason} />
      {reason === 'wrong_intent' && (
        <label>
          {words.meant}
          <input name="flow" maxLength={100} autocomplete="off" />
        </label>
      )}
      <label>
        {words.shouldBe}
        <textarea name="text" rows={2} maxLength={8000} />
      </label>
      <Note />
      <Ends leave={leave} isBusy={isBusy} label={words.reject} />
    </form>
  );
}

/** @param none what it is called when there is none; absent: there must be one */
function Why({ label, none, change }: { label: string; none?: string; change?: (reason: string) => void }) {
  const { language } = useView();
  return (
    <label>
      {label}
      <select
        name="reason"
        required={none === undefined}
        ref={none === undefined ? focus : null}
        onChange={(event) => change?.(event.currentTarget.value)}
      >
        <option value="">{none ?? '…'}</option>
        {REASONS.filter((reason) => none === undefined || reason !== 'not_needed').map((reason) => (
          <option key={reason} value={reason}>
            {DRAFT_WORDS[language].reasons[reason]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Note() {
  const { language } = useView();
  return (
    <label>
      {DRAFT_WORDS[language].note}
      <input name="note" maxLength={500} autocomplete="off" />
    </label>
  );
}

function Ends({ leave, isBusy, label }: { leave: () => void; isBusy: boolean; label: string }) {
  const { words } = useView();
  return (
    <div class="buttons">
      <button type="button" onClick={leave}>
        {words.cancel}
      </button>
      <button type="submit" class="primary" disabled={isBusy}>
        {label}
      </button>
    </div>
  );
}

function fieldsOf(form: HTMLFormElement) {
  const data = new FormData(form);
  const field = (name: string) => String(data.get(name) ?? '').trim();
  return { text: field('text'), reason: field('reason'), flow: field('flow'), note: field('note') };
}

/** Where she goes on when a form has opened. */
function focus(element: HTMLElement | null): void {
  element?.focus();
}
