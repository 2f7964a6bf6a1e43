import { z } from 'zod';
import { DAY, parseDuration } from '../flow/value/duration.ts';

const LEAST_KEYS = 3 * DAY;

function atLeast(least: number) {
  return z.string().refine((text) => (parseDuration(text) ?? 0) >= least, `a duration of at least ${least / DAY}d`);
}

/** `retention:` of `parley.yaml`. */
export const RetentionSettings = z
  .strictObject({
    keys: atLeast(LEAST_KEYS).optional().meta({
      description:
        'How long a message is known by its key, so that a second delivery changes nothing; at least 3d, since platforms deliver again for days. Default: 30d.',
    }),
    insights: atLeast(DAY)
      .optional()
      .meta({ description: 'How long the facts behind the figures are kept. Default: for ever.' }),
    transcripts: atLeast(DAY).optional().meta({ description: 'How long what was said is kept. Default: for ever.' }),
  })
  .meta({ description: 'How long things are kept, such as 90d. What is older is deleted once a day.' });

interface Settings {
  readonly retention?: z.infer<typeof RetentionSettings> | undefined;
  readonly memory?: { readonly keep: string } | undefined;
}

/** In milliseconds. */
export function retentionOf({ retention, memory }: Settings) {
  const { keys, insights, transcripts } = retention ?? {};
  return {
    keys: milliseconds(keys ?? '30d'),
    ...(insights === undefined ? {} : { insights: milliseconds(insights) }),
    ...(transcripts === undefined ? {} : { transcripts: milliseconds(transcripts) }),
    ...(memory === undefined ? {} : { memories: milliseconds(memory.keep) }),
  };
}

/** The settings' schema has refused what is no duration. */
function milliseconds(text: string): number {
  return parseDuration(text) ?? Number.POSITIVE_INFINITY;
}
