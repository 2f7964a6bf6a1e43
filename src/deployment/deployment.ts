import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Action, ActionSignature } from '../action.ts';
import type { Channel } from '../channel.ts';
import { type Connectors, readConnectors } from '../connector/connectors.ts';
import { ParleyError } from '../errors.ts';
import { type CompiledFlows, compileFlows, type FlowText, type Surroundings } from '../flow/flows.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import { inOrder, type Problem } from '../flow/reading/problem.ts';
import { SIGNATURES, TYPES } from '../identity/signatures.ts';
import { SEARCH } from '../knowledge/action.ts';
import type { Type } from '../type.ts';
import { type Account, openAccounts } from './accounts.ts';
import { loadActions } from './actions.ts';
import type { DeskSettings } from './desk.ts';
import { hostsFor } from './hosts.ts';
import { findKnowledge, type KnowledgeSource } from './knowledge.ts';
import { type ChosenModels, findModels, isNamed } from './models.ts';
import { noticeFlow } from './notice.ts';
import { reviewedFlowProblems } from './review.ts';
import { readSettings, SETTINGS_FILE, type Settings } from './settings.ts';
import { findSources, type Sources } from './sources.ts';
import { readTexts, type Texts } from './texts.ts';

/** The flows by which a customer is one person in several apps: of use where there are several. */
const ELSEWHERE = ['continue-elsewhere', 'add-phone', 'forget-address'];
const FLOWS = resolve(import.meta.dirname, '..', '..', 'flows');
/** The languages that they are in. */
const LANGUAGES = ['en', 'zh'];

/** The repair flows and texts that come with Parley. */
const SHIPPED = resolve(import.meta.dirname, '..', '..', 'flows', 'repair');

export type Environment = Readonly<Record<string, string | undefined>>;

/** What code-first users write beside the folder. */
export interface Code {
  readonly actions?: readonly Action[];
  /** Kinds of channels that accounts of `parley.yaml` may name. */
  readonly channels?: readonly Channel[];
  /** Accounts beside those of `parley.yaml`, as they would stand there. */
  readonly accounts?: Settings['channels'];
  /** A workspace of Slack for the desk of `parley.yaml`, and who its agents are there. */
  readonly slack?: SlackOfDesk;
}

/** `desk.slack` as it would stand in `parley.yaml`, and each agent's `accounts.slack`. */
export interface SlackOfDesk {
  readonly settings: DeskSettings['slack'];
  readonly agents: Readonly<Record<string, string>>;
}

/** A folder with a `parley.yaml`, read as far as it can be: what a business has written, not compiled yet. */
export interface Deployment {
  /** Absolute. */
  readonly directory: string;
  /** Absolute folder of the embedded database and of uploads; perhaps not there yet. */
  readonly data: string;
  readonly settings: Settings;
  readonly accounts: readonly Account[];
  readonly connectors: Connectors;
  /** Actions in TypeScript. */
  readonly actions: readonly Action[];
  /** The business's flows, and the repair flows: its own in place of those that ship. */
  readonly flows: readonly FlowText[];
  readonly texts: Texts;
  readonly knowledge: readonly KnowledgeSource[];
  /** Hosts that customers may be sent to; absent: any. */
  readonly hosts?: readonly string[];
  /** What each task is done with, as far as the environment holds its key. */
  readonly models: ChosenModels['choices'];
  /** What is wrong so far, in order of file and line. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a deployment. Mistakes in its files are problems of the result, all of them at once.
 * @throws `deployment.missing` when the folder has no `parley.yaml`; `deployment.unreadable` when that cannot be read at all
 */
export async function loadDeployment(
  directory: string,
  environment: Environment,
  code: Code = {},
): Promise<Deployment> {
  const root = resolve(directory);
  const file = readSettings(readSettingsFile(root));
  if (file.settings === undefined) return broken(root, file.problems);
  const settings = withCode(file.settings, code);
  const sources = findSources(root, settings.flows, SHIPPED);
  const connectors = readConnectors(
    sources.connectors?.text ?? '',
    sources.connectors?.file ?? `${settings.flows}/connectors.yaml`,
  );
  const { accounts, problems: accountProblems } = await openAccounts(
    settings.channels,
    file.yaml,
    environment,
    code.channels ?? [],
  );
  const { actions: found, problems: actionProblems } = await loadActions(root, settings.actions);
  const actions = [...found, ...(code.actions ?? [])];
  const { texts, problems: textProblems } = readTexts(sources.texts, settings.locales);
  const hosts = hostsFor({ settings, connectors, sources, environment, coded: actions.length > 0 });
  const knowledge = await findKnowledge(settings.knowledge, root, environment, file.yaml);
  const models = findModels(settings.models, environment, file.yaml);
  return {
    directory: root,
    data: resolve(root, environment.PARLEY_DATA ?? settings.data),
    settings,
    accounts,
    connectors,
    actions,
    flows: flowTexts(sources, settings),
    texts,
    knowledge: knowledge.sources,
    ...(hosts !== undefined && { hosts }),
    models: models.choices,
    problems: inOrder([
      ...file.problems,
      ...accountProblems,
      ...connectors.problems,
      ...actionProblems,
      ...performers(connectors, actions),
      ...textProblems,
      ...knowledge.problems,
      ...models.problems,
      ...(sources.flows.length === 0 ? [noFlows(settings.flows)] : []),
    ]),
  };
}

/** Compiles its flows together. The problems are those of the deployment and of the flows. */
export function compileDeployment(deployment: Deployment, given: Partial<Surroundings> = {}): CompiledFlows {
  const compiled = compileFlows(deployment.flows, { ...surroundingsOf(deployment), ...given });
  return {
    ...compiled,
    problems: inOrder([
      ...deployment.problems,
      ...compiled.problems,
      ...menuProblems(deployment, compiled),
      ...reviewedFlowProblems(deployment.settings.review, compiled.programs, deployment.flows, SETTINGS_FILE),
    ]),
  };
}

/** The menu and the survey name flows that a customer may start. */
function menuProblems({ settings }: Deployment, { programs }: CompiledFlows): Problem[] {
  const startable = [...programs.values()].filter(({ header }) => !header.callableOnly).map(({ flow }) => flow);
  const named = [
    ...(settings.menu ?? []).map((name) => ({ key: 'menu', name })),
    ...(settings.csat?.after ?? []).map((name) => ({ key: 'csat', name })),
  ];
  return named
    .filter(({ name }) => !startable.includes(name))
    .map(({ key, name }) => ({
      file: SETTINGS_FILE,
      line: 1,
      col: 1,
      code: 'settings.unknown_flow',
      message: `\`${key}\` names \`${name}\`, which is no flow that a customer can start.`,
      hint: didYouMean(name, startable) ?? `There are: ${startable.join(', ')}.`,
      severity: 'error',
    }));
}

/** What flows may call in every deployment. */
const HOUSE = [...SIGNATURES, SEARCH].map((signature): [string, ActionSignature] => [signature.name, signature]);

const HOUSE_TYPES = TYPES.map((type): [string, Type] => [type.name, type]);

/** What its flows may refer to. Where an action is declared in YAML and done in TypeScript, the declaration in YAML counts. */
export function surroundingsOf({ connectors, actions, settings, accounts, knowledge }: Deployment): Surroundings {
  const own = actions.map((action): [string, ActionSignature] => [action.name, action]);
  return {
    actions: new Map([...HOUSE, ...own, ...connectors.signatures]),
    types: new Map([...HOUSE_TYPES, ...connectors.types]),
    locales: settings.locales,
    channels: accounts.map(({ name, channel }) => ({ name, can: channel.can })),
    knowledge: new Set(knowledge.map(({ set }) => set.name)),
    model: isNamed(settings.models, 'llm'),
    writes: isNamed(settings.models, 'answer'),
  };
}

function withCode(settings: Settings, { accounts, slack }: Code): Settings {
  const { desk } = settings;
  return {
    ...settings,
    channels: { ...settings.channels, ...accounts },
    ...(desk === undefined || slack === undefined ? {} : { desk: inSlack(desk, slack) }),
  };
}

function inSlack(desk: DeskSettings, { settings, agents }: SlackOfDesk): DeskSettings {
  const placed = Object.entries(desk.agents ?? {}).map(([name, agent]) => {
    const slack = agents[name];
    return [name, slack === undefined ? agent : { ...agent, accounts: { ...agent.accounts, slack } }] as const;
  });
  return { ...desk, slack: settings, agents: Object.fromEntries(placed) };
}

function readSettingsFile(directory: string): string {
  const path = join(directory, SETTINGS_FILE);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new ParleyError('deployment.missing', `There is no ${SETTINGS_FILE} in ${directory}.`, {
      hint: 'Name the folder of a deployment, or make one: parley new my-bot',
    });
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ParleyError('deployment.unreadable', `${path} cannot be read.`, { cause: error });
  }
}

/** Nothing more can be said of a deployment whose settings are not understood. */
function broken(directory: string, problems: readonly Problem[]): Deployment {
  return {
    directory,
    data: join(directory, '.parley'),
    settings: {
      name: '',
      patience: '30m',
      locales: ['en'],
      timezone: 'UTC',
      flows: 'flows',
      actions: 'actions',
      data: '.parley',
      knowledge: {},
      channels: {},
    },
    accounts: [],
    connectors: readConnectors('', 'connectors.yaml'),
    actions: [],
    flows: [],
    texts: {},
    knowledge: [],
    models: {},
    problems,
  };
}

function flowTexts(sources: Sources, settings: Settings): FlowText[] {
  const repair = new Map(
    [...sources.repair].map(([pattern, { file, text }]): [string, FlowText] => [pattern, { file, text, pattern }]),
  );
  const notice = noticeFlow(settings.notice);
  if (notice === 'none') repair.delete('session_start');
  else if (notice !== 'shipped') repair.set('session_start', notice);
  const own = sources.flows.map(({ file, text }) => ({ file, text }));
  return [...own, ...elsewhere(own, settings), ...repair.values()];
}

/** Unless the business has its own of that name, or speaks other languages: then it writes them itself. */
function elsewhere(own: readonly FlowText[], { channels, locales }: Settings): FlowText[] {
  if (Object.keys(channels).length < 2 || !locales.every((locale) => LANGUAGES.includes(locale))) return [];
  const names = new Set(own.map(({ text }) => nameIn(text)));
  return ELSEWHERE.map((folder) => {
    const file = join(FLOWS, folder, 'flow.yaml');
    return { file, text: readFileSync(file, 'utf8') };
  }).filter(({ text }) => !names.has(nameIn(text)));
}

function nameIn(text: string): string | undefined {
  return /^flow:\s*["']?([\w-]+)/m.exec(text)?.[1];
}

/** Every action needs exactly one performer: an HTTP request in YAML, or a function in TypeScript. */
function performers({ signatures, bindings }: Connectors, actions: readonly Action[]): Problem[] {
  const place = { line: 1, col: 1 };
  const names = actions.map(({ name }) => name);
  const twice = names.filter((name, index) => bindings.has(name) || names.indexOf(name) !== index);
  const never = [...signatures.keys()].filter((name) => !bindings.has(name) && !names.includes(name));
  return [
    ...twice.map(
      (name): Problem => ({
        file: 'actions',
        ...place,
        code: 'action.twice',
        message: `The action \`${name}\` is performed in two places.`,
        hint: 'Keep one: its `http:` in connectors.yaml, or its function in TypeScript.',
        severity: 'error',
      }),
    ),
    ...never.map(
      (name): Problem => ({
        file: 'connectors.yaml',
        ...place,
        code: 'action.unperformed',
        message: `Nothing performs the action \`${name}\`: outside tests it will be unavailable.`,
        hint: 'Give it `http:`, or write it in TypeScript under actions/.',
        severity: 'warning',
      }),
    ),
  ];
}

function noFlows(folder: string): Problem {
  return {
    file: SETTINGS_FILE,
    line: 1,
    col: 1,
    code: 'deployment.no_flows',
    message: `The folder ${folder}/ holds no flow.`,
    hint: `A flow is ${folder}/<name>/flow.yaml; parley new makes one to begin with.`,
    severity: 'error',
  };
}
