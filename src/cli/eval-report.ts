import type { Regression } from '../evaluation/baseline.ts';
import type { Difference } from '../evaluation/compare.ts';
import type { Doubts } from '../evaluation/doubts.ts';
import type { Figures } from '../evaluation/figures.ts';
import type { Reference } from '../evaluation/reference.ts';
import type { Figures as ModelFigures } from '../models/record.ts';
import { plural } from './problems.ts';
import type { Terminal } from './terminal.ts';

/** What `parley eval` tells, to people and as JSON. */
export interface Told {
  /** What others have reached on the set that was learnt. */
  readonly published?: readonly Reference[];
  /** The model that was asked, and what it took. */
  readonly model?: ModelFigures & { readonly name: string; readonly failures: Readonly<Record<string, number>> };
  readonly learning: { readonly flows: number; readonly examples: number; readonly milliseconds: number };
  readonly suites: readonly (Figures & {
    readonly suite: string;
    /** Utterances that were left out because they are examples, letter for letter. */
    readonly taught: number;
    readonly microseconds: { readonly p50: number; readonly p99: number };
    readonly locales: Readonly<Record<string, Figures>>;
    /** When a model would be asked, or is. */
    readonly doubts?: Doubts;
    /** How many utterances it was asked about. */
    readonly asked?: number;
    readonly against?: Readonly<Record<'accuracy' | 'right', Difference>>;
  })[];
}

export function showFigures(
  { learning, suites, published = [], model }: Told,
  worse: readonly Regression[],
  terminal: Terminal,
): void {
  const { print, tell, paint } = terminal;
  tell(
    `Learnt ${plural(learning.examples, 'example')} of ${plural(learning.flows, 'flow')} in ${learning.milliseconds} ms.`,
  );
  for (const result of suites) {
    print(paint('bold', result.suite));
    if (result.taught > 0) tell(`  ${plural(result.taught, 'utterance')} left out: taught as examples, so no proof.`);
    showSuite(result, '', print);
    for (const [locale, figures] of Object.entries(result.locales)) showSuite(figures, `${locale}: `, print);
    for (const { threshold, right, refused } of result.outside?.curve ?? [])
      print(
        paint(
          'dim',
          `  at ${threshold.toFixed(1)}  right ${percent(right)}, of no flow and refused ${percent(refused)}`,
        ),
      );
    for (const { flow, takenFor, times } of result.confused) print(`  ${times} × ${flow} taken for ${takenFor}`);
    print(`  ${result.microseconds.p50} µs an utterance, 99 of 100 within ${result.microseconds.p99} µs`);
    if (result.doubts) showDoubts(result.doubts, terminal);
    if (result.asked !== undefined) print(`  the model was asked about ${result.asked} of ${result.utterances}`);
    for (const [figure, difference] of Object.entries(result.against ?? {}))
      print(
        `  against ${model && result.asked !== undefined ? 'doing without, or the other' : 'the other'}: ${figure} ${told(difference)}`,
      );
  }
  if (model) showModel(model, print);
  for (const { system, accuracy, refused } of published)
    print(
      paint(
        'dim',
        `  published, on its test part: ${system} ${accuracy} %${refused === undefined ? '' : `, of no flow refused ${refused} %`}`,
      ),
    );
  for (const { suite, figure, was, is } of worse)
    print(`${paint('red', '✗')} ${suite}: ${figure} was ${percent(was)} and is ${percent(is)}`);
}

function showSuite(
  { utterances, accuracy, macroF1, own, outside }: Figures,
  name: string,
  print: Terminal['print'],
): void {
  print(`  ${name}${plural(utterances, 'utterance')}, accuracy ${percent(accuracy)}, macro F1 ${percent(macroF1)}`);
  print(
    `  ${name}started right ${percent(own.right)}, asked which ${percent(own.asked)}, wrong ${percent(own.wrong)}, not understood ${percent(own.refused)}`,
  );
  if (outside !== undefined)
    print(
      `  ${name}of no flow (${outside.utterances}): refused ${percent(outside.refused)}, AUROC ${percent(outside.auroc)}`,
    );
}

/** A business that asks no model sees what it would be asked about, and at which threshold. */
function showDoubts({ curve, advised, below }: Doubts, { print, paint }: Terminal): void {
  const advice = advised === undefined ? '' : `; ${advised} would be enough`;
  print(`  a model is asked below ${below}${advice}`);
  for (const { below: threshold, asked, right } of curve)
    print(
      paint('dim', `  asked below ${threshold.toFixed(1)}  about ${percent(asked)}, the rest right ${percent(right)}`),
    );
}

function showModel(
  { name, asked, failed, cached, tokens, cost, failures }: NonNullable<Told['model']>,
  print: Terminal['print'],
): void {
  const price = cost > 0 ? `, ${cost.toFixed(4)} in your currency` : '';
  print(`${name}: ${plural(asked, 'question')}, ${cached} from the cache, ${failed} failed, ${tokens} tokens${price}`);
  for (const [code, times] of Object.entries(failures)) print(`  ${times} × ${code}`);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** In points, with the interval; a difference that may be chance is said to be. */
function told({ difference, from, to }: Difference): string {
  const points = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;
  const isChance = from <= 0 && to >= 0;
  return `${points(difference)} points (95 %: ${points(from)} to ${points(to)})${isChance ? ', which may be chance' : ''}`;
}
