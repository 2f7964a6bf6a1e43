import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { FieldKept, type Form } from '#channel';

/**
 * A form on its way through Slack: the button that opens it carries all of it, since Slack keeps nothing else for us between a message
 * and a modal, and we keep nothing ourselves.
 */

/** Characters of a button's value: https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const LONGEST_VALUE = 2_000;
/** Bytes of a form before it is packed: what we pack fits, and nothing else is unpacked. */
const UNPACKED = 64 * 1024;
/** Of https://docs.slack.dev/reference/block-kit/composition-objects/option-object, and how many of them a list has. */
const OPTION_LABEL = 75;
const MOST_OPTIONS = 100;
/** Of an input's label: https://docs.slack.dev/reference/block-kit/blocks/input-block */
const LONGEST_LABEL = 2_000;

const Packed = z.object({
  token: z.string(),
  title: z.string(),
  text: z.string().optional(),
  submit: z.string(),
  locale: z.string(),
  fields: z.array(FieldKept),
});
/** With the language that it is filled in. */
export type PackedForm = Form & { readonly locale: string };

/** As a button carries it; `undefined`: it is more than Slack's modals show or its buttons carry, and is asked step by step. */
export function packed(form: Form, locale: string): string | undefined {
  const fits = form.fields.every(
    ({ label, options = [] }) =>
      label.length <= LONGEST_LABEL &&
      options.length <= MOST_OPTIONS &&
      options.every((option) => option.label.length <= OPTION_LABEL),
  );
  const text = JSON.stringify({ ...form, locale } satisfies PackedForm);
  if (!fits || text.length * 3 > UNPACKED) return undefined;
  const value = deflateRawSync(text).toString('base64url');
  return value.length <= LONGEST_VALUE ? value : undefined;
}

/** `undefined`: it is none of ours. */
export function unpacked(value: string): PackedForm | undefined {
  try {
    const text = inflateRawSync(Buffer.from(value, 'base64url'), { maxOutputLength: UNPACKED }).toString();
    // What is not there is absent: JSON knows no `undefined`.
    return Packed.safeParse(JSON.parse(text)).data as PackedForm | undefined;
  } catch {
    // A button of an earlier version, or of another app.
    return undefined;
  }
}
