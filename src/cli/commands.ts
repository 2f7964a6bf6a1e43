import type { Command } from './command.ts';

/** What the overview says of a command, and where it is: loaded only when it is called, since a linter needs no server. */
interface Entry {
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** Every command, in the order in which a new author meets them. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  new: { summary: 'makes a folder with a bot that runs', load: () => import('./new.ts') },
  start: { summary: 'runs a deployment', load: () => import('./start.ts') },
  check: {
    summary: 'tells every mistake in flows and settings, with line and column',
    load: () => import('./check.ts'),
  },
  test: { summary: 'runs the conversations that must go a certain way', load: () => import('./test.ts') },
  eval: { summary: 'measures how well free text is understood', load: () => import('./eval.ts') },
  chat: { summary: 'talks to the bot in the terminal', load: () => import('./chat.ts') },
  graph: { summary: 'draws a flow as a picture', load: () => import('./graph.ts') },
  schema: { summary: 'prints the JSON Schema that gives editors completion', load: () => import('./schema.ts') },
  doctor: { summary: 'says what is missing before a deployment can run', load: () => import('./doctor.ts') },
  desk: { summary: 'lets an agent in at the web desk', load: () => import('./desk.ts') },
  stuck: { summary: 'lists what waits for an operator, and tries it again', load: () => import('./stuck.ts') },
  reviews: {
    summary: 'tells how the bot’s answers fare with agents, and what came of it',
    load: () => import('./reviews.ts'),
  },
  audit: { summary: 'tells who did what, and whether anybody changed that', load: () => import('./audit.ts') },
  transcript: { summary: 'prints a conversation', load: () => import('./transcript.ts') },
  deploy: { summary: 'says what a new version would do to open conversations', load: () => import('./deploy.ts') },
};
