import { z } from 'zod';
import type { Problem } from '../flow/reading/problem.ts';
import { Duration } from '../flow/reading/schema.ts';
import { readYaml, type YamlFile } from '../flow/reading/yaml.ts';
import { parseZod } from '../flow/reading/zod-problems.ts';
import { isCurrency } from '../flow/value/money.ts';
import { isTimezone } from '../time-zone.ts';
import { CHANNELS } from './channels.ts';
import { DeskSettings, deskProblems } from './desk.ts';
import { FileSettings } from './files.ts';
import { KnowledgeSettings } from './knowledge.ts';
import { ModelSettings } from './models.ts';
import { RetentionSettings } from './retention.ts';
import { ReviewSettings, reviewProblems } from './review.ts';

/** The file that makes a folder a deployment. */
export const SETTINGS_FILE = 'parley.yaml';

const Locale = z
  .string()
  .refine(isLocale, 'a language tag such as en, zh or pt-BR')
  .meta({ description: 'A language tag such as en, zh or pt-BR.' });

/** The whole of `parley.yaml`. */
export const Settings = z.strictObject({
  name: z.string().min(1).meta({ description: 'What the bot calls itself.' }),
  locales: z
    .array(Locale)
    .min(1)
    .default(['en'])
    .meta({ description: 'The languages that every text must have; the first is the default.' }),
  timezone: z
    .string()
    .refine(isTimezone, 'a time zone such as Europe/Berlin')
    .default('UTC')
    .meta({ description: "Where the business's day begins: an IANA time zone such as Europe/Berlin." }),
  currency: z
    .string()
    .refine(isCurrency, 'an ISO 4217 code such as EUR')
    .optional()
    .meta({ description: 'What an amount of money is in that a customer names without a currency: EUR.' }),
  flows: z.string().min(1).default('flows').meta({ description: 'The folder of the flows.' }),
  actions: z.string().min(1).default('actions').meta({ description: 'The folder of actions in TypeScript.' }),
  data: z.string().min(1).default('.parley').meta({
    description:
      'The folder of the embedded database and of uploads. The environment variable PARLEY_DATA overrides it.',
  }),
  notice: z
    .union([z.literal(false), z.string(), z.record(Locale, z.string())])
    .optional()
    .meta({ description: 'Told at first contact: that this is a bot. One text, one a language, or false for none.' }),
  menu: z
    .array(z.string())
    .optional()
    .meta({ description: 'The flows a new customer is offered, in this order; default: those with a title.' }),
  patience: Duration.default('30m').meta({
    description: 'How long a question may stay open before the repair flow `inactivity` speaks, such as 30m or 2h.',
  }),
  knowledge: KnowledgeSettings.default({}),
  models: ModelSettings.optional(),
  csat: z
    .strictObject({
      after: z.array(z.string()).min(1).meta({ description: 'The flows after whose end as `resolved` it is asked.' }),
      every: Duration.default('30d').meta({ description: 'In which time a customer is asked once.' }),
      sample: z
        .number()
        .gt(0)
        .max(1)
        .default(1)
        .meta({ description: 'How many of them are asked: 0.2 is every fifth.' }),
    })
    .optional()
    .meta({ description: 'Asks customers how it was, by the repair flow `csat`. Default: nobody is asked.' }),
  links: z.array(z.string().min(1)).optional().meta({
    description:
      'Hosts that the bot may send customers to (each with those below it; * is any), beside those of connectors, knowledge and flows.',
  }),
  memory: z
    .strictObject({
      keep: Duration.default('90d').meta({ description: 'How long it is kept.' }),
      most: z.int().min(1).max(20).default(5).meta({ description: 'How many things are, of one customer.' }),
      consent: z.enum(['asked', 'notice']).default('asked').meta({
        description:
          'asked: only who has agreed is remembered. notice: everybody but who has objected. The slot is `remember_me`.',
      }),
    })
    .optional()
    .meta({ description: 'Remembers what was done for a customer who has proven who she is. Default: nothing is.' }),
  retention: RetentionSettings.optional(),
  files: FileSettings.optional(),
  desk: DeskSettings.optional(),
  review: ReviewSettings.optional(),
  proxies: z.int().min(0).max(5).optional().meta({
    description:
      'Reverse proxies in front of this server whose X-Forwarded-For is believed; default: as the web account says, or 0.',
  }),
  channels: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'a name: small letters, digits, - and _'),
      z.looseObject({
        kind: z.string().meta({ description: `The kind of channel: ${Object.keys(CHANNELS).join(', ')}.` }),
      }),
    )
    .default({})
    .meta({
      description: 'The accounts that customers write to, by a name of your own. `kind` says which channel it is.',
    }),
});
export type Settings = z.infer<typeof Settings>;

export interface SettingsFile {
  readonly yaml: YamlFile;
  /** `undefined` when there are mistakes. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
}

export function readSettings(text: string, file = SETTINGS_FILE): SettingsFile {
  const yaml = readYaml(text, file);
  if (yaml.problems.some(({ severity }) => severity === 'error'))
    return { yaml, settings: undefined, problems: yaml.problems };
  const mistakes: Problem[] = [];
  const settings = parseZod(Settings, yaml.value ?? {}, [], yaml, mistakes);
  if (settings?.desk !== undefined) mistakes.push(...deskProblems(settings.desk, yaml));
  if (settings !== undefined) mistakes.push(...reviewProblems(reviewedIn(settings), yaml));
  const renamed = mistakes.map((problem) => ({ ...problem, code: problem.code.replace(/^flow\./, 'settings.') }));
  return { yaml, settings, problems: [...yaml.problems, ...renamed] };
}

function reviewedIn({ review, desk, knowledge }: Settings) {
  return {
    ...{ review, hasDesk: desk !== undefined, sets: Object.keys(knowledge) },
    ...{ queues: Object.keys(desk?.queues ?? {}), agents: Object.keys(desk?.agents ?? {}) },
  };
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text)[0] === text;
  } catch {
    return false;
  }
}
