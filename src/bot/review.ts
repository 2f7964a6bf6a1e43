import { deskPolicyOf } from '../deployment/desk.ts';
import { reviewDeskOf, riskOf, rulesOf } from '../deployment/review.ts';
import type { Settings } from '../deployment/settings.ts';
import type { Reviewing } from '../draft.ts';
import { ParleyError } from '../errors.ts';
import type { Program } from '../flow/program.ts';
import type { Policy } from '../handoff/policy.ts';
import type { ReviewBook } from '../handoff/review/book.ts';
import type { Owners } from '../handoff/review/owners.ts';
import { documentOf } from '../handoff/review/routing.ts';
import { reviewingBy } from '../handoff/review/rules.ts';
import type { KnowledgeDoor } from '../server/knowledge-routes.ts';

/** The rules of review as the turns of these flows have them; `undefined`: `parley.yaml` has none. */
export function reviewingOf(
  { review }: Settings,
  programs: ReadonlyMap<string, Program>,
  book: ReviewBook,
): Reviewing | undefined {
  if (review === undefined) return undefined;
  return reviewingBy(
    rulesOf(review),
    (flow) => riskOf(programs.get(flow)),
    (subject) => book.isFreed(subject),
  );
}

/** Who works at the desk and how, with what is said of reviews. */
export function policyOf({ desk = {}, review, timezone }: Settings): Policy {
  const policy = deskPolicyOf(desk, timezone);
  return review === undefined ? policy : { ...policy, review: reviewDeskOf(review, Object.keys(policy.queues)) };
}

export interface OwnerParts {
  readonly book: ReviewBook;
  readonly door: KnowledgeDoor;
  readonly settings: () => Settings;
  readonly programs: () => ReadonlyMap<string, Program>;
  readonly clock: { now(): number };
}

/** The operator, at the machine itself, is always one. */
export const OPERATOR = 'operator';

export function ownersOf({ book, door, settings, programs, clock }: OwnerParts): Owners {
  const named = () => settings().review?.owners ?? [];
  function check(by: string): void {
    const owners = named();
    if (by === OPERATOR || owners.includes(by)) return;
    throw new ParleyError('review.not_owner', `${by} may not decide that.`, {
      hint: owners.length === 0 ? 'Name owners under `review:` in parley.yaml.' : `Ask ${owners.join(' or ')}.`,
    });
  }

  return {
    isOne: (agent) => named().includes(agent),
    async summary() {
      await book.catchUp();
      return book.summary();
    },
    async approve(id, by) {
      check(by);
      const proposal = await book.proposal(id);
      const { set, locale, question } = proposal;
      const facts = { title: question.replaceAll(/\s+/g, ' ').slice(0, TITLE).toWellFormed(), locale };
      const end = await door.put({ set, id: `review/${id}`, kind: 'markdown', text: documentOf(proposal), facts });
      if (end.outcome !== 'taken') throw noSet(set);
      await book.decide(id, 'approved', by, clock.now());
    },
    async decline(id, by) {
      check(by);
      await book.decide(id, 'declined', by, clock.now());
    },
    async promote(subject, by) {
      check(by);
      const [flow = ''] = subject.split('/');
      const program = programs().get(flow) ?? programs().get(`repair.${flow}`);
      if (program === undefined || !subject.includes('/')) throw unknownSubject(subject, book);
      if (riskOf(program).risk === 'high') {
        throw new ParleyError('review.high_risk', `${flow} is of high risk: its answers are always approved.`, {
          hint: 'Say `risk: normal` in the flow, if it is.',
        });
      }
      return book.promote(subject, by, clock.now());
    },
    async demote(subject, by) {
      check(by);
      await book.demote(subject, by, clock.now());
    },
  };
}

function noSet(set: string): ParleyError {
  return new ParleyError('review.no_set', `The knowledge set ${set} takes no documents.`, {
    hint: `Give it \`push: true\` under \`knowledge:\` in parley.yaml, or mend the document yourself and decline.`,
  });
}

function unknownSubject(subject: string, book: ReviewBook): ParleyError {
  const known = book.summary().subjects.map((one) => one.subject);
  return new ParleyError('review.unknown_subject', `Nothing was judged that is called ${subject}.`, {
    hint: known.length === 0 ? 'Nothing was judged yet.' : `There are: ${known.join(', ')}.`,
  });
}

/** UTF-16 units. */
const TITLE = 200;
