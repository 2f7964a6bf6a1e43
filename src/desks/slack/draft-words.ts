import { SHARED_DRAFT_WORDS, type SharedDraftWords } from '../draft-words.ts';

/** What agents read of the bot's drafts in Slack alone. */
export interface DraftWords extends SharedDraftWords {
  /** `{count}` of `{all}` sentences. */
  readonly grounded: string;
  readonly draft_send: string;
  /** Of what was said already. */
  readonly draft_right: string;
  readonly draft_edit: string;
  readonly draft_reject: string;
  readonly draft_another: string;
  readonly right: string;
  readonly note: string;
}

export const DRAFT_WORDS: Readonly<Record<'en' | 'zh', DraftWords>> = {
  en: {
    ...SHARED_DRAFT_WORDS.en,
    grounded: 'Grounded {count}/{all}',
    draft_send: 'Send',
    draft_right: 'It was right',
    draft_edit: 'Edit…',
    draft_reject: 'Reject…',
    draft_another: 'Another',
    right: 'What would have been right?',
    note: 'What else should be known?',
  },
  zh: {
    ...SHARED_DRAFT_WORDS.zh,
    grounded: '有出处 {count}/{all}',
    draft_send: '发送',
    draft_right: '回答正确',
    draft_edit: '编辑…',
    draft_reject: '拒绝…',
    draft_another: '换一个',
    right: '正确的回答是什么？',
    note: '还有什么需要说明？',
  },
};
