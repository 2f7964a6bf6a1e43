import type { SampleReason } from '../../../draft.ts';
import type { Proposed } from '../../../handoff/control.ts';
import type { Reason } from '../../../handoff/review/judgement.ts';

/** What agents read of the bot's drafts, and owners of what comes of them. */
export interface DraftWords {
  readonly title: Readonly<Record<Proposed['how'], string>>;
  readonly why: Readonly<Record<SampleReason, string>>;
  readonly asked: string;
  readonly grounded: (count: number, all: number) => string;
  readonly source: string;
  readonly passage: string;
  readonly send: string;
  readonly right: string;
  readonly edit: string;
  readonly reject: string;
  readonly another: string;
  readonly keep: string;
  readonly theirs: string;
  readonly edited: string;
  readonly why_edited: string;
  readonly why_rejected: string;
  readonly no_reason: string;
  readonly shouldBe: string;
  readonly meant: string;
  readonly note: string;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly proposals: (count: number) => string;
  readonly proposalsUnder: string;
  readonly noProposals: string;
  readonly before: string;
  readonly after: string;
  readonly accept: string;
  readonly decline: string;
  readonly by: (agent: string) => string;
}

export const DRAFT_WORDS: Readonly<Record<'en' | 'zh', DraftWords>> = {
  en: {
    title: {
      approve: 'The customer waits for this answer',
      suggest: 'Suggested reply',
      sample: 'The bot has said this: was it right?',
    },
    why: {
      random: 'drawn by lot',
      uncertain: 'the bot was not sure',
      ungrounded: 'not all of it stands in its source',
      escalated: 'the customer asked for a human after it',
      thumbs_down: 'the customer was not content',
      recontact: 'the customer asked again',
    },
    asked: 'Asked',
    grounded: (count, all) => `Grounded ${count}/${all}`,
    source: 'Source',
    passage: 'Where it stands',
    send: 'Send',
    right: 'It was right',
    edit: 'Edit',
    reject: 'Reject',
    another: 'Another',
    keep: 'Keep',
    theirs: 'Only who has the customer can send it.',
    edited: 'What the customer should read',
    why_edited: 'Why did you change it?',
    why_rejected: 'What is wrong with it?',
    no_reason: 'No particular reason',
    shouldBe: 'What would have been right? (optional)',
    meant: 'Which flow was meant? (its name)',
    note: 'What else should be known? (optional)',
    reasons: {
      wrong_fact: 'Wrong fact',
      stale_source: 'Outdated source',
      missing_source: 'The source is missing',
      wrong_intent: 'Something else was meant',
      missing_step: 'The flow lacks a step',
      tone: 'Tone',
      unsafe: 'Unsafe',
      not_needed: 'Not needed',
    },
    proposals: (count) => `Proposed knowledge (${count})`,
    proposalsUnder: 'What agents have corrected. Once you accept it, the bot answers the next question so.',
    noProposals: 'Nothing is proposed.',
    before: 'So far',
    after: 'Proposed',
    accept: 'Accept',
    decline: 'Decline',
    by: (agent) => `by ${agent}`,
  },
  zh: {
    title: { approve: '客户正在等待此回答', suggest: '建议回复', sample: '机器人已这样回答：正确吗？' },
    why: {
      random: '随机抽取',
      uncertain: '机器人不确定',
      ungrounded: '部分内容没有出处',
      escalated: '客户随后要求转人工',
      thumbs_down: '客户不满意',
      recontact: '客户再次询问',
    },
    asked: '问题',
    grounded: (count, all) => `有出处 ${count}/${all}`,
    source: '来源',
    passage: '原文',
    send: '发送',
    right: '回答正确',
    edit: '编辑',
    reject: '拒绝',
    another: '换一个',
    keep: '保留',
    theirs: '只有接管该客户的人可以发送。',
    edited: '客户应看到的内容',
    why_edited: '为什么修改？',
    why_rejected: '哪里有问题？',
    no_reason: '没有特别原因',
    shouldBe: '正确的回答是什么？（可不填）',
    meant: '客户想办的是哪个流程？（流程名）',
    note: '还有什么需要说明？（可不填）',
    reasons: {
      wrong_fact: '事实错误',
      stale_source: '来源过期',
      missing_source: '缺少来源',
      wrong_intent: '误解了意图',
      missing_step: '流程缺少步骤',
      tone: '语气不当',
      unsafe: '不安全',
      not_needed: '不需要',
    },
    proposals: (count) => `知识修改建议（${count}）`,
    proposalsUnder: '客服更正过的内容。接受后，机器人会立即按此回答。',
    noProposals: '没有修改建议。',
    before: '目前',
    after: '建议',
    accept: '接受',
    decline: '不接受',
    by: (agent) => `来自${agent}`,
  },
};
