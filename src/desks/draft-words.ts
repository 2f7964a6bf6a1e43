import type { SampleReason } from '../draft.ts';
import type { Proposed } from '../handoff/control.ts';
import type { Reason } from '../handoff/review/judgement.ts';

/** What agents read of the bot's drafts at every desk. */
export interface SharedDraftWords {
  readonly title: Readonly<Record<Proposed['how'], string>>;
  readonly why: Readonly<Record<SampleReason, string>>;
  readonly asked: string;
  readonly source: string;
  readonly edited: string;
  readonly why_edited: string;
  readonly why_rejected: string;
  readonly meant: string;
  readonly reasons: Readonly<Record<Reason, string>>;
}

export const SHARED_DRAFT_WORDS: Readonly<Record<'en' | 'zh', SharedDraftWords>> = {
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
    source: 'Source',
    edited: 'What the customer should read',
    why_edited: 'Why did you change it?',
    why_rejected: 'What is wrong with it?',
    meant: 'Which flow was meant? (its name)',
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
    source: '来源',
    edited: '客户应看到的内容',
    why_edited: '为什么修改？',
    why_rejected: '哪里有问题？',
    meant: '客户想办的是哪个流程？（流程名）',
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
  },
};
