import type { Element } from '../../../../channels/slack/simulator/blocks.ts';
import { useDesk } from './desk-view.ts';

interface FieldParts {
  /** Its name in the form. */
  readonly block: string;
  readonly element: Element & {
    readonly multiline?: boolean;
    readonly initial_value?: string;
    readonly max_length?: number;
  };
  readonly label: string;
  readonly isOptional: boolean;
  readonly mistake: string | undefined;
}

/** Something to fill in, in a modal. */
export function FieldView({ block, element, label, isOptional, mistake }: FieldParts) {
  const { words } = useDesk();
  const { type, options = [] } = element;
  const id = `desk-field-${block}`;
  const named = (
    <>
      {label} {isOptional && <small>{words.optional}</small>}
    </>
  );
  const wrong = mistake !== undefined && (
    <p class="mistake" id={`${id}-wrong`} role="alert">
      {mistake}
    </p>
  );
  if (type === 'radio_buttons' || type === 'checkboxes')
    return (
      <fieldset class="input">
        <legend>{named}</legend>
        {options.map(({ value, text }) => (
          <label key={value} class="choice">
            <input type={type === 'checkboxes' ? 'checkbox' : 'radio'} name={block} value={value} /> {text.text}
          </label>
        ))}
        {wrong}
      </fieldset>
    );
  const own = {
    id,
    name: block,
    required: !isOptional,
    ...(mistake !== undefined && { 'aria-invalid': true, 'aria-describedby': `${id}-wrong` }),
  };
  return (
    <div class="input">
      <label for={id}>{named}</label>
      {type === 'static_select' ? (
        <select {...own}>
          <option value="">{words.choose}</option>
          {options.map(({ value, text }) => (
            <option key={value} value={value}>
              {text.text}
            </option>
          ))}
        </select>
      ) : type === 'datepicker' ? (
        <input {...own} type="date" />
      ) : element.multiline ? (
        <textarea {...own} rows={4} maxLength={element.max_length} defaultValue={element.initial_value} />
      ) : (
        <input
          {...own}
          type="text"
          autocomplete="off"
          maxLength={element.max_length}
          defaultValue={element.initial_value}
        />
      )}
      {wrong}
    </div>
  );
}

/** What stands in a form, by its blocks; several values of one are a list. */
export function filledIn(data: FormData): Readonly<Record<string, string | readonly string[]>> {
  const filled: Record<string, string | readonly string[]> = {};
  for (const name of new Set(data.keys())) {
    const values = data.getAll(name).map(String);
    const [first = ''] = values;
    if (values.length > 1) filled[name] = values;
    else if (first !== '') filled[name] = first;
  }
  return filled;
}
