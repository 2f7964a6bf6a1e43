/** Everything the widget itself says. English and Chinese come along; other languages are fetched (attribute `words`). */
const EN = {
  open: 'Open chat',
  close: 'Close chat',
  title: 'Chat with us',
  unread: '{n} unread',
  log: 'Conversation',
  write: 'Write a message…',
  send: 'Send',
  attach: 'Attach a file',
  remove: 'Remove',
  drop: 'Drop files to attach them',
  uploading: 'Uploading',
  uploadFailed: 'Upload failed',
  human: 'Talk to a human',
  more: 'More options',
  language: 'Language',
  transcript: 'Download transcript',
  restart: 'Start a new conversation',
  bot: 'Assistant',
  botTag: 'Bot',
  agent: 'Support team',
  agentTag: 'Human',
  you: 'You',
  typing: 'is typing…',
  hello: 'How can we help?',
  intro: 'You are chatting with an automated assistant. A person is one tap away whenever you want one.',
  online: 'Here to help',
  connecting: 'Connecting…',
  offline: 'You are offline. What you write is kept and sent as soon as you are back.',
  failed: 'We cannot reach the chat at the moment. We keep trying.',
  retry: 'Try again',
  discard: 'Discard',
  refused: 'Not sent',
  sending: 'Sending…',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Seen',
  full: 'Too many messages are waiting to be sent. Please try again when you are online.',
  newest: 'New messages',
  choose: 'Choose an answer',
  chooseMany: 'Choose one or more',
  done: 'Send choice',
  cards: 'Suggestions',
  file: 'File',
  newTab: 'opens in a new tab',
};

export type Words = Readonly<Record<keyof typeof EN, string>>;

const ZH: Words = {
  open: '打开聊天',
  close: '关闭聊天',
  title: '在线咨询',
  unread: '{n} 条未读',
  log: '对话',
  write: '输入消息…',
  send: '发送',
  attach: '添加文件',
  remove: '移除',
  drop: '松开即可添加文件',
  uploading: '正在上传',
  uploadFailed: '上传失败',
  human: '转人工客服',
  more: '更多选项',
  language: '语言',
  transcript: '下载聊天记录',
  restart: '开始新对话',
  bot: '智能助手',
  botTag: '机器人',
  agent: '客服团队',
  agentTag: '人工',
  you: '我',
  typing: '正在输入…',
  hello: '有什么可以帮您？',
  intro: '您正在与自动助手对话。需要时，随时可以一键转接人工客服。',
  online: '随时为您服务',
  connecting: '正在连接…',
  offline: '您已离线。消息会保存下来，恢复网络后自动发送。',
  failed: '暂时无法连接，正在继续尝试。',
  retry: '重试',
  discard: '放弃',
  refused: '未发送',
  sending: '发送中…',
  sent: '已发送',
  delivered: '已送达',
  read: '已读',
  full: '待发送的消息太多，请恢复网络后再试。',
  newest: '新消息',
  choose: '请选择',
  chooseMany: '可多选',
  done: '确认选择',
  cards: '推荐',
  file: '文件',
  newTab: '在新标签页打开',
};

/** Languages that can be chosen without fetching anything, by the name their speakers use. */
export const LANGUAGES = [
  ['en', 'English'],
  ['zh', '中文'],
] as const;

/** The bundled words nearest to a BCP 47 tag. */
export function wordsFor(locale: string): Words {
  return /^zh\b/i.test(locale) ? ZH : EN;
}

/** Which way a language is written. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return /^(ar|arc|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i.test(locale) ? 'rtl' : 'ltr';
}
