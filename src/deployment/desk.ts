import { z } from 'zod';
import { SlackDeskYaml } from '../desks/slack/settings.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { Duration, Name } from '../flow/reading/schema.ts';
import type { YamlFile } from '../flow/reading/yaml.ts';
import { DAY, parseDuration } from '../flow/value/duration.ts';
import type { Hours, Opening } from '../handoff/hours.ts';
import { PLAIN_QUEUE, type Policy, PRIORITIES, type Queue } from '../handoff/policy.ts';
import { REPLY_VARIABLES, type Reply, unknownVariables } from '../handoff/replies.ts';
import { isTimezone } from '../time-zone.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const OPENING = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

const Openings = z
  .union([z.literal('closed'), z.string(), z.array(z.string())])
  .refine(
    (text) => text === 'closed' || [text].flat().every((each) => openingOf(each) !== undefined),
    'hours such as 09:00-17:30, a list of them, or closed',
  )
  .meta({ description: 'Hours such as 09:00-17:30, a list of them, or `closed`.' });

const HoursSettings = z
  .strictObject({
    timezone: z
      .string()
      .refine(isTimezone, 'a time zone such as Europe/Berlin')
      .optional()
      .meta({ description: "Default: the business's." }),
    ...Object.fromEntries(DAYS.map((day) => [day, Openings.optional()])),
    holidays: z
      .record(z.string().refine(isDay, 'a day such as 2026-12-25'), Openings)
      .optional()
      .meta({ description: 'Days that are otherwise: their hours, or `closed`.' }),
  })
  .meta({ description: 'When the team is there. A day that is not named is closed.' });

const QueueSettings = z.strictObject({
  skills: z.array(Name).optional().meta({ description: 'What an agent must be able to do.' }),
  hours: Name.optional().meta({ description: 'One of `hours`; default: always open.' }),
  offer: Duration.optional().meta({ description: 'How long an agent may think about an offer. Default: 45s.' }),
  routing: z
    .enum(['least_loaded', 'longest_idle', 'manual'])
    .optional()
    .meta({ description: 'Who is offered the next one; `manual`: agents take what they like.' }),
  max_wait: Duration.optional().meta({
    description: 'After this time with the team there, the customer may leave a message or be called back.',
  }),
  wrap_up: Duration.optional().meta({ description: 'Time for notes after a conversation. Default: 1m.' }),
  sla: z
    .strictObject({
      first_reply: Duration.optional(),
      next_reply: Duration.optional(),
      resolution: Duration.optional(),
    })
    .optional()
    .meta({ description: 'What is promised, in time with the team there.' }),
  escalate: z
    .array(z.strictObject({ after: Duration, priority: z.enum(PRIORITIES).optional(), queue: Name.optional() }))
    .optional()
    .meta({ description: 'What is done for who waits longer and longer.' }),
});

const AgentSettings = z.strictObject({
  name: z.string().min(1).optional().meta({ description: 'What customers read.' }),
  queues: z.array(Name).min(1),
  skills: z.array(Name).optional(),
  capacity: z.int().min(1).max(100).optional().meta({ description: 'Conversations at a time. Default: 3.' }),
  accounts: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'What she is called where she works, by the kind of desk: her own id there.' }),
});

/** Milliseconds. */
const UNDO = { usual: 3_000, most: 10_000 };

/** `desk:` of `parley.yaml`. */
export const DeskSettings = z
  .strictObject({
    hours: z.record(Name, HoursSettings).optional().meta({ description: 'Business hours, by a name of your own.' }),
    queues: z.record(Name, QueueSettings).optional().meta({ description: 'The queues that flows hand off to.' }),
    agents: z.record(Name, AgentSettings).optional().meta({ description: 'Who works at the desk.' }),
    misses: z.int().min(1).max(100).optional().meta({
      description: 'Offers that an agent may let pass in a row before she is taken to be away. Default: 2.',
    }),
    undo_window: Duration.refine((text) => (parseDuration(text) ?? 0) <= UNDO.most, 'at most 10s')
      .optional()
      .meta({ description: 'How long an agent may take back what she has said: 0s to 10s. Default: 3s.' }),
    csat: z.boolean().optional().meta({
      description: 'Asks the customer how it was when an agent has closed, by the repair flow `csat`. Default: no.',
    }),
    language: z
      .enum(['en', 'zh'])
      .optional()
      .meta({ description: 'In which the house writes to agents. Default: that of the first of `locales`.' }),
    replies: z
      .record(Name, z.union([z.string().min(1), z.record(z.string(), z.string().min(1))]))
      .optional()
      .meta({ description: 'Canned replies of agents, by locale, with variables such as {agent}.' }),
    slack: SlackDeskYaml.optional(),
    reopen: Duration.optional().meta({
      description: 'Who writes within this time after the end comes back to the humans. Default: 24h.',
    }),
  })
  .meta({ description: 'Humans who take conversations over. Without it, a handoff files a task.' });

export type DeskSettings = z.infer<typeof DeskSettings>;

/** @param zone the business's time zone */
export function deskPolicyOf(settings: DeskSettings, zone: string): Policy {
  const hours = new Map(Object.entries(settings.hours ?? {}).map(([name, own]) => [name, hoursOf(own, zone)]));
  return {
    queues: Object.fromEntries(
      Object.entries(settings.queues ?? {}).map(([name, queue]) => [name, queueOf(queue, hours)]),
    ),
    agents: Object.entries(settings.agents ?? {}).map(([name, agent]) => ({
      name,
      ...(agent.name === undefined ? {} : { shown: agent.name }),
      queues: agent.queues,
      skills: agent.skills ?? [],
      capacity: agent.capacity ?? 3,
      accounts: agent.accounts ?? {},
    })),
    misses: settings.misses ?? 2,
    reopen: milliseconds(settings.reopen) ?? DAY,
    undo: milliseconds(settings.undo_window) ?? UNDO.usual,
    ...(settings.csat === undefined ? {} : { csat: settings.csat }),
  };
}

/** Canned replies, by locale. */
export function repliesOf({ replies = {} }: DeskSettings): Readonly<Record<string, Reply>> {
  return Object.fromEntries(
    Object.entries(replies).map(([name, reply]) => [name, typeof reply === 'string' ? { '*': reply } : reply]),
  );
}

/** What they name and nobody could fill in. */
function replyProblems(settings: DeskSettings, yaml: YamlFile): Problem[] {
  return Object.entries(settings.replies ?? {}).flatMap(([name, reply]) => {
    const texts = typeof reply === 'string' ? [['', reply] as const] : Object.entries(reply);
    return texts.flatMap(([locale, text]) =>
      unknownVariables(text).map((variable): Problem => {
        const path = ['desk', 'replies', name, ...(locale === '' ? [] : [locale])];
        return {
          ...{ file: yaml.file, ...yaml.locate(path), code: 'settings.unknown_variable', severity: 'error' },
          message: `A reply of the desk cannot name \`{${variable}}\`.`,
          hint:
            didYouMean(variable, REPLY_VARIABLES) ??
            `There are: ${REPLY_VARIABLES.map((known) => `{${known}}`).join(', ')}, {customer.…}, {attach.…}.`,
        };
      }),
    );
  });
}

/** In which the house writes to agents. */
export function languageOf({ language }: DeskSettings, locales: readonly string[]): 'en' | 'zh' {
  return language ?? (locales[0]?.startsWith('zh') ? 'zh' : 'en');
}

/** Names that stand for nothing. */
export function deskProblems(settings: DeskSettings, yaml: YamlFile): Problem[] {
  const queues = Object.keys(settings.queues ?? {});
  const problems = replyProblems(settings, yaml);
  const look = (name: string, known: readonly string[], what: string, path: (string | number)[]) => {
    if (known.includes(name)) return;
    problems.push({
      file: yaml.file,
      ...yaml.locate(['desk', ...path]),
      code: `settings.unknown_${what}`,
      message: `The desk has no ${what} \`${name}\`.`,
      hint: didYouMean(name, known) ?? (known.length === 0 ? 'Describe it first.' : `There are: ${known.join(', ')}.`),
      severity: 'error',
    });
  };
  for (const [name, queue] of Object.entries(settings.queues ?? {})) {
    if (queue.hours !== undefined)
      look(queue.hours, Object.keys(settings.hours ?? {}), 'hours', ['queues', name, 'hours']);
    for (const [index, step] of (queue.escalate ?? []).entries())
      if (step.queue !== undefined) look(step.queue, queues, 'queue', ['queues', name, 'escalate', index, 'queue']);
  }
  for (const queue of Object.keys(settings.slack?.queues ?? {}))
    look(queue, queues, 'queue', ['slack', 'queues', queue]);
  for (const [name, agent] of Object.entries(settings.agents ?? {}))
    for (const [index, queue] of agent.queues.entries())
      look(queue, queues, 'queue', ['agents', name, 'queues', index]);
  return problems;
}

function queueOf(settings: z.infer<typeof QueueSettings>, known: ReadonlyMap<string, Hours>): Queue {
  const { first_reply, next_reply, resolution } = settings.sla ?? {};
  const hours = settings.hours === undefined ? undefined : known.get(settings.hours);
  const maxWait = milliseconds(settings.max_wait);
  return {
    skills: settings.skills ?? [],
    ...(hours === undefined ? {} : { hours }),
    offer: milliseconds(settings.offer) ?? PLAIN_QUEUE.offer,
    routing: settings.routing ?? PLAIN_QUEUE.routing,
    ...(maxWait === undefined ? {} : { maxWait }),
    wrapUp: milliseconds(settings.wrap_up) ?? PLAIN_QUEUE.wrapUp,
    sla: defined({
      first_reply: milliseconds(first_reply),
      next_reply: milliseconds(next_reply),
      resolution: milliseconds(resolution),
    }),
    escalate: (settings.escalate ?? [])
      .map(({ after, priority, queue }) => ({
        after: milliseconds(after) ?? 0,
        ...(priority === undefined ? {} : { priority }),
        ...(queue === undefined ? {} : { queue }),
      }))
      .toSorted((one, other) => one.after - other.after),
  };
}

function hoursOf(settings: z.infer<typeof HoursSettings>, zone: string): Hours {
  const days: Readonly<Record<string, unknown>> = settings;
  return {
    zone: settings.timezone ?? zone,
    week: DAYS.map((day) => openingsOf(days[day])),
    holidays: Object.fromEntries(
      Object.entries(settings.holidays ?? {}).map(([day, openings]) => [day, openingsOf(openings)]),
    ),
  };
}

function openingsOf(settings: unknown): readonly Opening[] {
  if (settings === undefined || settings === 'closed') return [];
  return [settings]
    .flat()
    .map((text) => openingOf(String(text)))
    .filter((opening) => opening !== undefined)
    .toSorted(([one], [other]) => one - other);
}

function openingOf(text: string): Opening | undefined {
  const parts = OPENING.exec(text);
  if (parts === null) return undefined;
  const [, fromHour, fromMinute, toHour, toMinute] = parts;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = toHour === undefined ? 24 * 60 : Number(toHour) * 60 + Number(toMinute);
  return from < to ? [from, to] : undefined;
}

function defined<Value>(values: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The schema has refused what is no duration. */
function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
