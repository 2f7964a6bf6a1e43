import { z } from 'zod';
import { type Answers, answersInWords, ParleyError } from '#channel';
import { toPlace } from './address.ts';
import { isOpen } from './asking.ts';
import type { Block } from './block.ts';
import { unpacked } from './form.ts';
import { FORM, modalOf, VALUE } from './modal.ts';
import type { Element, ViewSubmission } from './payload.ts';
import type { Parsed } from './said.ts';
import type { TapReceipt } from './tapped.ts';

/** What {@link acknowledge} needs to open a form, in the three seconds that a tap is good for. */
export interface OpenReceipt {
  readonly trigger: string;
  readonly view: object;
}

/** Characters of a modal's `private_metadata`: https://docs.slack.dev/reference/views/modal-views */
const LONGEST_METADATA = 3_000;

/** Where a form was opened: Slack tells nothing of that when it is sent. */
const Opened = z.object({
  address: z.string(),
  /** As the button carried it. */
  form: z.string(),
  /** The message that has the button, where there was room for it: she reads in it afterwards what she has sent. */
  message: z
    .object({
      channel: z.string(),
      ts: z.string(),
      text: z.string(),
      blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })),
    })
    .optional(),
});
type Opened = z.infer<typeof Opened>;

/** A modal for the form that a button carries. `undefined`: the button is none of ours. */
export function opening(
  carried: string,
  { address, message, trigger }: { address: string; message: NonNullable<Opened['message']>; trigger: string },
): { readonly token: string; readonly receipt: OpenReceipt } | undefined {
  const form = unpacked(carried);
  if (form === undefined) return undefined;
  const kept = { ...message, blocks: message.blocks.filter((block: Block) => !isOpen(block)) };
  const whole = JSON.stringify({ address, form: carried, message: kept } satisfies Opened);
  const metadata = whole.length <= LONGEST_METADATA ? whole : JSON.stringify({ address, form: carried });
  return { token: form.token, receipt: { trigger, view: modalOf(form, metadata) } };
}

/**
 * A form that was sent. `undefined`: it is not one of ours, or comes from somebody it was not opened for.
 * @throws `slack.invalid_payload`
 */
export function submitted({ user, view }: ViewSubmission): Parsed | undefined {
  if (view.callback_id !== FORM) return undefined;
  const opened = openedIn(view.private_metadata);
  const form = unpacked(opened.form);
  if (form === undefined || toPlace(opened.address).user !== user.id) return undefined;
  const values: Answers = Object.fromEntries(
    form.fields.map(({ name }) => [name, valueIn(view.state.values[name]?.[VALUE])]),
  );
  return {
    address: opened.address,
    // A view that was sent is closed; what Slack tells again is the same view.
    key: `${view.id}:${view.hash ?? ''}`,
    event: { kind: 'form', token: form.token, values },
    ...(opened.message && {
      receipt: { ...opened.message, picked: answersInWords(form, values) } satisfies TapReceipt,
    }),
  };
}

function openedIn(metadata: string): Opened {
  try {
    return Opened.parse(JSON.parse(metadata));
  } catch (cause) {
    throw new ParleyError('slack.invalid_payload', 'This is nothing that Slack sends.', { cause });
  }
}

/** Several are told apart by commas. */
function valueIn(element: Element | undefined): string {
  const { value, selected_date: day, selected_option: option, selected_options: options = [] } = element ?? {};
  return value ?? day ?? option?.value ?? options.map((each) => each.value ?? '').join(',');
}
