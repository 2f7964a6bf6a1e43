/** One question, put to the documents twice: as they are, and without what answers it. */
export interface Put {
  /** Has it an answer? */
  readonly answerable: boolean;
  /** Place of the first passage of the right document, from 1; 0: not among the first ten. */
  readonly rank: number;
  /** Of the passage that would answer. */
  readonly confidence: number;
  /** Of what would answer although the right document is gone. */
  readonly without: number;
}

export interface AnswerFigures {
  readonly questions: number;
  readonly recall1: number;
  readonly recall5: number;
  /** Mean reciprocal rank among the first ten. */
  readonly mrr: number;
  /** By the threshold of confidence. */
  readonly curve: readonly Point[];
  /** The lowest threshold at which at most one in twenty of the questions without an answer gets one. */
  readonly advised: Point | undefined;
}

export interface Point {
  readonly threshold: number;
  /** Of those with an answer, how many get one; of these, how many the right one. */
  readonly answered: number;
  readonly right: number;
  /** Of those without, how many get one all the same. */
  readonly invented: number;
}

/** Questions that nobody answers, and those whose document was taken away, are what must not be answered. */
export function abstentionOf(put: readonly Put[]): AnswerFigures {
  const own = put.filter(({ answerable }) => answerable);
  const gone = [
    ...own.map(({ without }) => without),
    ...put.flatMap((one) => (one.answerable ? [] : [one.confidence])),
  ];
  const within = (limit: number) => share(own, ({ rank }) => rank > 0 && rank <= limit);
  const pointAt = (threshold: number): Point => {
    const answered = own.filter(({ confidence }) => confidence >= threshold);
    return {
      threshold,
      answered: share(own, ({ confidence }) => confidence >= threshold),
      right: share(answered, ({ rank }) => rank === 1),
      invented: share(gone, (confidence) => confidence >= threshold),
    };
  };
  return {
    questions: put.length,
    recall1: within(1),
    recall5: within(5),
    mrr: own.reduce((sum, { rank }) => sum + (rank > 0 ? 1 / rank : 0), 0) / Math.max(1, own.length),
    curve: CURVE.map(pointAt),
    advised: FINE.map(pointAt).find(({ invented }) => invented <= TOLERATED),
  };
}

const TOLERATED = 0.05;
const CURVE = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7];
const FINE = Array.from({ length: 81 }, (_, at) => (at + 10) / 100);

function share<T>(all: readonly T[], is: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(is).length / all.length;
}
