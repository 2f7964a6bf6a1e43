import type { Action } from '../action.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { timesOf } from '../deployment/models.ts';
import { Breakers } from '../engine/breaker.ts';
import type { Program } from '../flow/program.ts';
import type { Log } from '../log.ts';
import { askAction } from '../models/action.ts';
import { createSpending, type Ledger, type Spent } from '../models/budget.ts';
import { createModels } from '../models/create-models.ts';
import { type Models, NO_MODELS } from '../models/model.ts';
import { createRecorder, type Figures } from '../models/record.ts';
import type { CountryCode } from '../phone-number.ts';
import { findPersonalData } from '../privacy/personal-data.ts';
import type { Store } from '../store/store.ts';
import { dateAt } from '../time-zone.ts';

export interface ModelsParts {
  readonly deployment: Deployment;
  readonly programs: ReadonlyMap<string, Program>;
  readonly store: Pick<Store, 'cursor' | 'keepCursor'>;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** The models of a running bot: what they have used and how well they are stays known when the settings change. */
export interface RunningModels extends Models {
  /** The read behind the `llm` step. */
  readonly action: Action;
  readonly figures: Figures;
  spent(): Promise<Spent>;
  /** Takes changed settings. */
  takeUp(deployment: Deployment, programs: ReadonlyMap<string, Program>): void;
}

export function openModels({ deployment, programs, store, clock, log }: ModelsParts): RunningModels {
  const recorder = createRecorder(log);
  const gate = new Breakers();
  let { settings } = deployment;
  const ledger: Ledger = {
    read: () => store.cursor(LEDGER),
    write: (text) => store.keepCursor(LEDGER, text),
  };
  const spending = createSpending(
    () => settings.models?.budget ?? {},
    ledger,
    () => dateAt(clock.now(), settings.timezone),
  );

  function make(from: Deployment, flows: ReadonlyMap<string, Program>): Models {
    const { models } = from.settings;
    if (models === undefined) return NO_MODELS;
    return createModels({
      choices: from.models,
      ...timesOf(models),
      retries: models.retries,
      cache: models.cache,
      ...{ spending, gate, recorder, clock },
      findPersonal: findPersonalData({
        identifiers: identifiersIn(flows),
        countries: models.countries as CountryCode[],
      }),
      mayLink: linksOf(from, models.hosts),
    });
  }
  let present = make(deployment, programs);

  return {
    for: (task) => present.for(task),
    action: askAction(() => present),
    get figures() {
      return recorder.figures;
    },
    spent: () => spending.total(),
    takeUp(next, flows) {
      settings = next.settings;
      present = make(next, flows);
    },
  };
}

/** Among the store's cursors; no account is called so. */
const LEDGER = ':models';

/** The business's own numbers are those that its flows ask for by a pattern of the whole. */
function identifiersIn(programs: ReadonlyMap<string, Program>) {
  const patterns = [...programs.values()].flatMap(({ slots }) =>
    Object.values(slots).flatMap(({ pattern, sensitive }) => (sensitive === undefined && pattern ? [pattern] : [])),
  );
  const whole = patterns.filter(({ source }) => source.startsWith('^') && source.endsWith('$'));
  return [...new Map(whole.map((pattern) => [pattern.source, pattern])).values()];
}

function linksOf({ knowledge }: Deployment, hosts: readonly string[]): (host: string) => boolean {
  const own = new Set(hosts.map((host) => host.toLowerCase()));
  return (host) => own.has(host) || knowledge.some(({ set }) => set.mayLink(host));
}
