/** `42`, or `-1001234/42` for somebody in a group: the chat that is written to. */
export function chatOf(address: string): number {
  return Number(address.split('/')[0]);
}

/** Private chats have their customer's number, groups have negative ones (https://core.telegram.org/bots/api#chat). */
export function isPrivate(address: string): boolean {
  return chatOf(address) > 0;
}
