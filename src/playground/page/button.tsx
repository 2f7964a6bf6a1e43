import { useEffect, useRef, useState } from 'preact/hooks';
import type { Button } from '../../simulator.ts';
import { useView } from './view.ts';

interface ButtonParts {
  readonly kind: string;
  readonly bubble: string;
  readonly button: Button;
  /** The app itself has opened a dialog over all else: there is nothing to unfold first. */
  readonly isDialog?: boolean;
}

/** Something to tap: an answer, an address, or a few fields to fill in first. */
export function ButtonView({ kind, bubble, button, isDialog = false }: ButtonParts) {
  const { act } = useView();
  const [isOpen, setOpen] = useState(false);
  const { id, label, url, fields = [] } = button;
  if (url !== undefined)
    return (
      <a class="key" href={url} rel="noreferrer" target="_blank">
        {label} <span aria-hidden="true">↗</span>
      </a>
    );
  const tap = (chosen?: Record<string, string>) =>
    act({ do: 'tap', kind, bubble, button: id, ...(chosen && { chosen }) });
  if (isDialog) return <Form button={button} done={(chosen) => tap(chosen)} isDialog />;
  return (
    <>
      <button
        type="button"
        class="key"
        {...(fields.length > 0 && { 'aria-expanded': isOpen })}
        onClick={() => (fields.length > 0 ? setOpen(!isOpen) : tap())}
      >
        {label}
      </button>
      {isOpen && (
        <Form
          button={button}
          done={(chosen) => {
            setOpen(false);
            if (chosen !== undefined) tap(chosen);
          }}
        />
      )}
    </>
  );
}

type Field = NonNullable<Button['fields']>[number];

interface FormParts {
  readonly button: Button;
  /** Without values: she has thought better of it. */
  readonly done: (chosen?: Record<string, string>) => void;
  /** It is closed by a button of the app's own. */
  readonly isDialog?: boolean;
}

function Form({ button, done, isDialog = false }: FormParts) {
  const { words } = useView();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <form
      ref={form}
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        done(valuesOf(new FormData(event.currentTarget)));
      }}
    >
      {(button.fields ?? []).map((field) => (
        <FieldView key={field.name} field={field} />
      ))}
      <div class="row">
        <button type="submit" class="key primary">
          {button.label}
        </button>
        {!isDialog && (
          <button type="button" class="key" onClick={() => done()}>
            {words.cancel}
          </button>
        )}
      </div>
    </form>
  );
}

function FieldView({ field }: { field: Field }) {
  const { name, label, kind, options = [], optional } = field;
  if (kind === 'choices')
    return (
      <fieldset>
        <legend>{label}</legend>
        {options.map((option) => (
          <label key={option.value} class="check">
            <input type="checkbox" name={name} value={option.value} /> {option.label}
          </label>
        ))}
      </fieldset>
    );
  const id = `field-${name}`;
  const isRequired = !optional;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {kind === 'choice' ? (
        <select id={id} name={name} required={isRequired}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : kind === 'date' ? (
        <input id={id} name={name} type="date" required={isRequired} />
      ) : (
        <input id={id} name={name} type="text" required={isRequired} autocomplete="off" />
      )}
    </div>
  );
}

/** Several values of one name are joined by commas. */
function valuesOf(data: FormData): Record<string, string> {
  return Object.fromEntries([...new Set(data.keys())].map((name) => [name, data.getAll(name).map(String).join(',')]));
}
