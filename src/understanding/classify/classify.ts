/** Which flows an utterance is like, and how sure that is. */
import type { Said } from '../said.ts';
import type { Ranked } from '../understanding.ts';
import type { Calibration, Model } from './model.ts';
import { type Query, queryOf } from './query.ts';
import { DIMENSIONS, SHARE } from './words.ts';

/** How sharply the best score stands out: softmax of `SHARPNESS` × score. */
const SHARPNESS = 5;
/** Compared example by example, which is most of the work where a flow has many. */
const FINALISTS = 3;
/** What has less than this share of the best one's is out of the question. */
const LEAST_OF_BEST = 0.05;

/** The closest flows, best first; none when nothing of it is known. */
export function classify(said: Said, model: Model): readonly Ranked[] {
  return rank(queryOf(said, model.vocabulary), model)
    .filter(({ likeness }) => likeness > 0)
    .map(({ flow, share, likeness, raw }) => ({
      flow: model.flows[flow] ?? '',
      confidence: calibrated(raw, model.calibration),
      share,
      likeness,
    }));
}

interface Raw {
  readonly flow: number;
  readonly share: number;
  readonly likeness: number;
  /** √(share × likeness): sure of the flow, and close to what it was taught. */
  readonly raw: number;
}

let scores = new Float32Array(0);
let seen = new Float32Array(0);

/** As {@link classify}, not calibrated. */
export function rank(query: Query, model: Model): readonly Raw[] {
  if (query.count === 0) return [];
  const flows = model.flows.length;
  if (scores.length < flows) scores = new Float32Array(flows);
  score(query, model);
  const top = finalists(flows);
  const best = scores[top[0] ?? 0] ?? 0;
  let sum = 0;
  for (let flow = 0; flow < flows; flow++) sum += Math.exp(SHARPNESS * ((scores[flow] ?? 0) - best));
  if (seen.length < model.vocabulary.size) seen = new Float32Array(model.vocabulary.size);
  for (let i = 0; i < query.count; i++) seen[query.ids[i] ?? 0] = query.values[i] ?? 0;
  const ranked = top.flatMap((flow) => {
    const share = Math.exp(SHARPNESS * ((scores[flow] ?? 0) - best)) / sum;
    if (share * sum < LEAST_OF_BEST) return [];
    const likeness = Math.max(0, Math.min(1, nearest(flow, model) * query.known));
    return [{ flow, share, likeness, raw: Math.sqrt(share * likeness) }];
  });
  for (let i = 0; i < query.count; i++) seen[query.ids[i] ?? 0] = 0;
  return ranked.sort((a, b) => b.raw - a.raw);
}

function score(query: Query, model: Model): void {
  const { scales, biases, flows, vocabulary } = model;
  scores.fill(0, 0, flows.length);
  const isMeant = query.meaning.some((value) => value !== 0);
  const share = isMeant ? SHARE.words : 1;
  for (let i = 0; i < query.count; i++) addRow(query.ids[i] as number, (query.values[i] as number) * share, model);
  for (let k = 0; isMeant && k < DIMENSIONS; k++)
    addRow(vocabulary.size + k, (query.meaning[k] as number) * SHARE.meaning, model);
  for (let flow = 0; flow < flows.length; flow++)
    scores[flow] = (scores[flow] as number) * (scales[flow] as number) + (biases[flow] as number);
}

function addRow(id: number, value: number, { rowStarts, rowFlows, rowWeights }: Model): void {
  const end = rowStarts[id + 1] as number;
  for (let at = rowStarts[id] as number; at < end; at++) {
    const flow = rowFlows[at] as number;
    scores[flow] = (scores[flow] as number) + value * (rowWeights[at] as number);
  }
}

function finalists(flows: number): number[] {
  const top: number[] = [];
  for (let flow = 0; flow < flows; flow++) {
    const value = scores[flow] as number;
    let place = top.length;
    while (place > 0 && (scores[top[place - 1] ?? 0] ?? 0) < value) place--;
    if (place >= FINALISTS) continue;
    top.splice(place, 0, flow);
    if (top.length > FINALISTS) top.pop();
  }
  return top;
}

/** Cosine of the known part of the utterance to the flow's closest example. */
function nearest(flow: number, { examples }: Model): number {
  const { firsts, starts, ids, values } = examples;
  let most = 0;
  for (let example = firsts[flow] ?? 0; example < (firsts[flow + 1] ?? 0); example++) {
    let dot = 0;
    const end = starts[example + 1] as number;
    for (let at = starts[example] as number; at < end; at++)
      dot += (values[at] as number) * (seen[ids[at] as number] as number);
    if (dot > most) most = dot;
  }
  return most;
}

function calibrated(raw: number, { slope, offset }: Calibration): number {
  return 1 / (1 + Math.exp(-(offset + slope * raw)));
}
