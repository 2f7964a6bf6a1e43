import { z } from 'zod';

/** A field of a `Form` as it comes back from an app that has kept it for us. Apart from the form's words, which pages load: they bring no zod. */
export const FieldKept = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(['text', 'number', 'email', 'phone', 'date', 'choice', 'choices']),
  options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  optional: z.literal(true).optional(),
  long: z.literal(true).optional(),
  secret: z.literal(true).optional(),
  value: z.string().optional(),
  error: z.string().optional(),
});
