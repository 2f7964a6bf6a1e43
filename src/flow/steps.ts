import type { StepKind } from './step.ts';
import { action } from './steps/action.ts';
import { answer } from './steps/answer.ts';
import { call } from './steps/call.ts';
import { collect } from './steps/collect.ts';
import { confirm } from './steps/confirm.ts';
import { end } from './steps/end.ts';
import { experiment } from './steps/experiment.ts';
import { handoff } from './steps/handoff.ts';
import { branch } from './steps/if.ts';
import { link } from './steps/link.ts';
import { llm } from './steps/llm.ts';
import { next } from './steps/next.ts';
import { giveBack } from './steps/return.ts';
import { say } from './steps/say.ts';
import { set } from './steps/set.ts';
import { survey } from './steps/survey.ts';
import { choose } from './steps/switch.ts';
import { wait } from './steps/wait.ts';

/** Every kind of step, by the word that names it: a new one is a file and a line here. */
export const stepKinds: ReadonlyMap<string, StepKind> = new Map(
  [
    say,
    collect,
    confirm,
    action,
    set,
    branch,
    choose,
    next,
    call,
    giveBack,
    link,
    answer,
    llm,
    handoff,
    wait,
    survey,
    experiment,
    end,
  ].map((kind) => [kind.word, kind as unknown as StepKind]),
);
