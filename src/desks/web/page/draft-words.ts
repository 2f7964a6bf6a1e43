import { SHARED_DRAFT_WORDS, type SharedDraftWords } from '../../draft-words.ts';

/** What agents read of the bot's drafts on our page alone, and owners of what comes of them. */
export interface DraftWords extends SharedDraftWords {
  readonly grounded: (count: number, all: number) => string;
  readonly passage: string;
  readonly send: string;
  readonly right: string;
  readonly edit: string;
  readonly reject: string;
  readonly another: string;
  readonly keep: string;
  readonly theirs: string;
  readonly no_reason: string;
  readonly shouldBe: string;
  readonly note: string;
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
    ...SHARED_DRAFT_WORDS.en,
    grounded: (count, all) => `Grounded ${count}/${all}`,
    passage: 'Where it stands',
    send: 'Send',
    right: 'It was right',
    edit: 'Edit',
    reject: 'Reject',
    another: 'Another',
    keep: 'Keep',
    theirs: 'Only who has the customer can send it.',
    no_reason: 'No particular reason',
    shouldBe: 'What would have been right? (optional)',
    note: 'What else should be known? (optional)',
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
    ...SHARED_DRAFT_WORDS.zh,
    grounded: (count, all) => `有出处 ${count}/${all}`,
    passage: '原文',
    send: '发送',
    right: '回答正确',
    edit: '编辑',
    reject: '拒绝',
    another: '换一个',
    keep: '保留',
    theirs: '只有接管该客户的人可以发送。',
    no_reason: '没有特别原因',
    shouldBe: '正确的回答是什么？（可不填）',
    note: '还有什么需要说明？（可不填）',
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
