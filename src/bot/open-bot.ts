import { join } from 'node:path';
import type { Action } from '../action.ts';
import { type HttpActions, httpActions } from '../connector/http.ts';
import { silences, withConsent } from '../consent/consent.ts';
import { type Bot, catalogueOf } from '../conversation/bot.ts';
import { createBot, heardBy } from '../deployment/bot.ts';
import {
  type Code,
  compileDeployment,
  type Deployment,
  type Environment,
  loadDeployment,
} from '../deployment/deployment.ts';
import { secondOpinionOf } from '../deployment/models.ts';
import { retentionOf } from '../deployment/retention.ts';
import { compileKept, toKeep } from '../deployment/versions.ts';
import type { SlackDesk } from '../desks/slack/slack-desk.ts';
import type { WebDesk } from '../desks/web/web-desk.ts';
import { createEngine } from '../engine/create-engine.ts';
import type { Engine, Operations } from '../engine/engine.ts';
import { ParleyError } from '../errors.ts';
import type { CompiledFlows } from '../flow/flows.ts';
import { errorsOf, type Problem } from '../flow/reading/problem.ts';
import type { Desk } from '../handoff/desk.ts';
import type { Office } from '../handoff/office.ts';
import { ReviewBook } from '../handoff/review/book.ts';
import type { Owners } from '../handoff/review/owners.ts';
import { houseActions } from '../identity/actions.ts';
import { acceptCodes } from '../identity/arriving.ts';
import { otherWay, type Way, wayTo } from '../identity/reach.ts';
import type { Log } from '../log.ts';
import type { Models } from '../models/model.ts';
import { createFileStore } from '../server/file-store.ts';
import type { KnowledgeDoor } from '../server/knowledge-routes.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import type { Witness } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import { examplesOf } from '../understanding/embedded.ts';
import { opinionAction } from '../understanding/opinion/action.ts';
import { DATABASE } from './database.ts';
import { conversingWith, fenceOf, officeOf } from './desk.ts';
import { isHerPlace } from './her-place.ts';
import { keepHouse } from './housekeeping.ts';
import { openKnowledge } from './knowledge.ts';
import { learnt } from './learning.ts';
import { openModels } from './models.ts';
import { openOperatorDoor } from './operator-door.ts';
import { perceiveAction } from './perceiving.ts';
import { recordsOf } from './records.ts';
import { ownersOf } from './review.ts';
import { keepSchedules } from './schedules.ts';
import { beginSlackDesk, slackDeskOf } from './slack-desk.ts';
import { handsOf } from './stuck.ts';
import { createWatchdog } from './watchdog.ts';
import { webDeskOf } from './web-desk.ts';
import { witnessed } from './witness.ts';

/** A deployment with its store and engine: all of a bot but its doors. */
export interface RunningBot {
  readonly deployment: Deployment;
  /** Names of its flows, without the repair flows. */
  readonly flows: ReadonlySet<string>;
  readonly store: Store;
  readonly engine: Engine & Operations;
  /** Where humans take conversations over; absent: `parley.yaml` describes no desk. */
  readonly office?: Office;
  /** Their page; absent with the office. */
  readonly webDesk?: WebDesk;
  /** The desk in Slack; absent: `parley.yaml` describes none. */
  readonly slackDesk?: SlackDesk;
  /** What has come of the reviews of the bot's answers, and who decides about it; absent: `parley.yaml` has no review. */
  readonly owners?: Owners;
  /** Where the world reaches us; absent: nobody can. */
  readonly publicUrl?: string;
  /** Where a customer is told something that she has not just asked for, and that comes in under this key. */
  wayTo(customer: string, key?: string): Promise<Way | undefined>;
  /** What it asks; `undefined` for a task: there is no model for it. */
  readonly models: Models;
  /** Where documents go in and out, and what opens it. */
  readonly knowledge?: { readonly door: KnowledgeDoor; readonly secret: string | undefined };
  /**
   * Reads the folder again and goes on with what it says now, from each conversation's next turn. With errors, everything stays as it
   * was, and they are the result. Accounts, and actions in TypeScript, stay as they were until a restart.
   */
  reload(): Promise<readonly Problem[]>;
  /** Lets running turns and sends end within `grace` milliseconds, then closes the store. */
  stop(grace: number): Promise<void>;
}

/** The flows or settings hold errors: nothing was started. */
export class DeploymentError extends ParleyError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('deployment.errors', 'The deployment has errors.', { hint: 'Mend them; parley check tells them again.' });
    this.problems = problems;
  }
}

export interface BotParts {
  /** The folder with `parley.yaml`. */
  readonly directory: string;
  readonly environment: Environment;
  readonly log: Log;
  /** Folder of the database; default: the deployment's own. */
  readonly data?: string;
  /** What is written in code, beside what the folder holds. */
  readonly code?: Code;
  /** Epoch milliseconds; default: the machine's. */
  readonly clock?: { now(): number };
  /** Where humans sit, where `parley.yaml` describes a desk. */
  readonly desks?: readonly Desk[];
  /** Is told of every turn, as it is taken. */
  readonly witness?: Witness;
}

/** @throws DeploymentError, and what {@link loadDeployment}, `httpActions` and the store throw */
export async function openBot(parts: BotParts): Promise<RunningBot> {
  const { directory, environment, log, data, code, clock = { now: Date.now }, witness } = parts;
  const deployment = await loadDeployment(directory, environment, code);
  const compiled = compileDeployment(deployment);
  refuseErrors(compiled.problems);
  refuseClosedAccounts(deployment);
  const slackDesk = slackDeskOf(deployment.settings, environment, log, () => clock.now());
  const watchdog = createWatchdog(log);
  const actions = new Map<string, Action>();
  const lines: HttpActions[] = [];
  const connect = (to: Deployment) => {
    const http = httpActions(to.connectors, environment);
    lines.push(http);
    actions.clear();
    const own = to.actions.map((one) => watchdog.action(signed(one, to)));
    for (const action of [...http.values(), ...own, ...house]) actions.set(action.name, action);
  };
  let house: readonly Action[] = [];
  let now = { programs: compiled.programs, timezone: deployment.settings.timezone };
  connect(deployment);
  const retention = retentionOf(deployment.settings);
  const store = openSqlite(join(data ?? deployment.data, DATABASE), { keysSince: Date.now() - retention.keys });
  const book = new ReviewBook(store.desk);
  await book.catchUp();
  const turn = watchdog.turn(
    await turnOf({ store, data: data ?? deployment.data, log, book }, deployment, compiled, witness),
  );
  const current = new Set(compiled.sources.keys());
  const channels = new Map(deployment.accounts.map((account) => [account.name, account]));
  const { PARLEY_PUBLIC_URL: publicUrl } = environment;
  let { settings } = deployment;
  let office: Office | undefined;
  const reach = {
    store,
    channels,
    mayTell: (ruling: JsonObject | undefined) => whySilent(ruling) === undefined,
    clock,
  };
  const inner = createEngine({
    ...{ store, turn, channels, actions, clock, log, silences },
    ...fenceOf(settings, () => office),
    otherWay: (conversation, tried) => otherWay(conversation, tried, reach),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  const accept = acceptCodes({ engine: inner, store, isOut: (ruling) => whySilent(ruling) === OUT, clock });
  const engine = { ...inner, accept };
  const { locales, timezone } = deployment.settings;
  const models = openModels({ deployment, programs: compiled.programs, store, clock, log });
  const knowledge = openKnowledge({ sources: deployment.knowledge, locales, timezone, store, models, clock, log });
  house = [...houseActions({ store, channels, accept, clock }), knowledge.action];
  house = [
    ...house,
    models.action,
    perceiveAction(() => models, createFileStore(join(deployment.data, 'files'))),
    opinionAction(
      () => models,
      () => catalogueOf(now.programs),
    ),
  ];
  for (const action of house) actions.set(action.name, action);
  const webDesk = webDeskOf({ settings: () => settings, data: data ?? deployment.data, environment, clock, log });
  const desks = [...(parts.desks ?? []), ...[webDesk, slackDesk].filter((desk) => desk !== undefined)];
  office = officeOf({
    ...{ store, accept: inner.accept, desks, clock, log, channels, revisions: inner, book },
    ...{ settings: () => settings, programs: () => now.programs, data: deployment.data, models },
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  const ofOwners = { book, door: knowledge.door, clock, settings: () => settings, programs: () => now.programs };
  const owners = settings.review === undefined ? undefined : ownersOf(ofOwners);
  if (office !== undefined) {
    webDesk?.begin({ store, office, ...(owners === undefined ? {} : { owners }) });
    if (slackDesk !== undefined) beginSlackDesk(slackDesk, office, store, () => settings);
  }
  const way = (customer: string, key?: string) => wayTo(customer, key, reach);
  let stopSchedules = async () => {};
  const stopHousekeeping = keepHouse({ store, retention, current, log });
  const records = { ...handsOf(engine), ...recordsOf(store, clock) };
  const hands = owners === undefined ? records : { ...records, owners };
  const inviting = webDesk === undefined ? hands : { ...hands, invite: (agent: string) => webDesk.invite(agent) };
  const shutDoor = openOperatorDoor(data ?? deployment.data, inviting, log);
  return {
    deployment,
    flows: new Set([...compiled.programs.keys()].filter((name) => !name.startsWith('repair.'))),
    store,
    engine: {
      ...engine,
      health: () => ({ ...engine.health(), slow: watchdog.figures(), models: models.figures }),
      async start() {
        await engine.start();
        knowledge.start();
        stopSchedules = keepSchedules({
          ...{ store, engine, channels, clock, log },
          programs: () => now.programs,
          timezone: () => now.timezone,
          isHerPlace: (member) => isHerPlace(member, store, way),
        });
      },
    },
    ...(office === undefined ? {} : { office }),
    ...(webDesk === undefined ? {} : { webDesk }),
    ...(slackDesk === undefined ? {} : { slackDesk }),
    wayTo: way,
    ...(owners === undefined ? {} : { owners }),
    models,
    knowledge: { door: knowledge.door, secret: environment.PARLEY_KNOWLEDGE_SECRET },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    async reload() {
      const next = await loadDeployment(directory, environment, code);
      const compiled = compileDeployment(next);
      const errors = errorsOf(compiled.problems);
      if (errors.length > 0) return errors;
      for (const hash of compiled.sources.keys()) current.add(hash);
      const turn = watchdog.turn(
        await turnOf({ store, data: data ?? deployment.data, log, book }, next, compiled, witness),
      );
      // The lines of before stay open: calls may be under way on them.
      connect(next);
      knowledge.takeUp(next.knowledge);
      models.takeUp(next, compiled.programs);
      settings = next.settings;
      engine.use(turn);
      now = { programs: compiled.programs, timezone: next.settings.timezone };
      return [];
    },
    async stop(grace) {
      watchdog.stop();
      stopHousekeeping();
      await stopSchedules();
      await shutDoor();
      await knowledge.stop();
      await slackDesk?.stop();
      await office?.stop();
      await engine.stop(grace);
      await store.close();
      await Promise.all(lines.map((line) => line.close()));
    },
  };
}

/** Why a customer who has ruled so is told nothing that is not owed to her. */
function whySilent(ruling: JsonObject | undefined): string | undefined {
  return silences(ruling, [], { text: '' });
}

const OUT = 'channel.opted_out';

/** Keeps the present versions before any conversation can stand in them, and takes up those that some stand in. */
async function turnOf(
  parts: { readonly store: Store; readonly data: string; readonly log: Log; readonly book: ReviewBook },
  deployment: Deployment,
  compiled: CompiledFlows,
  witness: Witness | undefined,
) {
  const { store, data, log, book } = parts;
  await Promise.all(toKeep(compiled).map((flow) => store.keepFlow(flow)));
  const kept = compileKept(await store.keptFlows(), deployment, compiled);
  const model = await learnt(examplesOf(heardBy(deployment, compiled.programs)), data, log);
  const bot = createBot(deployment, compiled, kept, model, askingOf(deployment));
  // A small bot learns when it first needs to: better now than while somebody waits for it.
  setTimeout(() => bot.understanding.rank?.('hello'), SETTLED).unref();
  const conversing = (bot: Bot) =>
    withConsent(conversingWith(bot, deployment.settings, book), deployment.settings.name);
  return witness === undefined ? conversing(bot) : witnessed(bot, conversing, witness);
}

/** `undefined`: there is no model for it, or its key is not here. */
function askingOf({ models, settings }: Deployment) {
  return models.understanding && settings.models && secondOpinionOf(settings.models);
}

/** Milliseconds after which a bot that has been opened has nothing more urgent to do. */
const SETTLED = 1_000;

/** Where an action is declared in YAML too, its result is checked against that declaration. */
function signed(action: Action, { connectors }: Deployment): Action {
  return { ...action, ...connectors.signatures.get(action.name), run: action.run };
}

function refuseErrors(problems: readonly Problem[]): void {
  if (errorsOf(problems).length > 0) throw new DeploymentError(errorsOf(problems));
}

/** A secret that is missing is a warning where flows are checked; where the bot runs, its account stays shut without. */
function refuseClosedAccounts({ settings, accounts, problems }: Deployment): void {
  if (accounts.length === Object.keys(settings.channels).length) return;
  throw new DeploymentError(problems.filter(({ code }) => code.endsWith('.missing_secret')));
}
