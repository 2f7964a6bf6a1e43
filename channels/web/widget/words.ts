/** Everything the widget itself says. English and Chinese come along; other languages are fetched (attribute `words`). */
const EN = {
  open: 'Open chat',
  close: 'Close chat',
  unread: 'unread',
  log: 'Conversation',
  write: 'Write a message…',
  send: 'Send',
  attach: 'Attach a file',
  remove: 'Remove',
  human: 'Talk to a human',
  more: 'More',
  transcript: 'Save transcript',
  restart: 'New conversation',
  bot: 'Assistant',
  botTag: 'Bot',
  agentTag: 'Human',
  you: 'You',
  typing: 'is typing…',
  hello: 'How can we help?',
  intro: 'This is an automated assistant. A person is one tap away.',
  live: 'Online',
  connecting: 'Connecting…',
  offline: 'You are offline. Messages wait.',
  failed: 'No connection. Trying again…',
  full: 'Too many unsent messages.',
  retry: 'Try again',
  refused: 'Not sent',
  sending: 'Sending…',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Seen',
};

export type Words = Readonly<Record<keyof typeof EN, string>>;

const ZH: Words = {
  open: '打开聊天',
  close: '关闭聊天',
  unread: '条未读',
  log: '对话',
  write: '输入消息…',
  send: '发送',
  attach: '添加文件',
  remove: '移除',
  human: '转人工客服',
  more: '更多',
  transcript: '保存聊天记录',
  restart: '新对话',
  bot: '智能助手',
  botTag: '机器人',
  agentTag: '人工',
  you: '我',
  typing: '正在输入…',
  hello: '有什么可以帮您？',
  intro: '这里是自动助手，随时可以转人工客服。',
  live: '在线',
  connecting: '正在连接…',
  offline: '您已离线，恢复网络后自动发送消息。',
  failed: '无法连接，正在重试。',
  full: '未发送的消息太多。',
  retry: '重试',
  refused: '未发送',
  sending: '发送中…',
  sent: '已发送',
  delivered: '已送达',
  read: '已读',
};

/** The bundled words nearest to a BCP 47 tag. */
export function wordsFor(locale: string): Words {
  return /^zh/i.test(locale) ? ZH : EN;
}

/** Which way a language is written. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i.test(locale) ? 'rtl' : 'ltr';
}
