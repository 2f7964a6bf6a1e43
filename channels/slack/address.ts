import { ParleyError } from '#channel';

/** Whom the bot talks to, and where. */
export interface Place {
  /** The workspace. */
  readonly team: string;
  /** `D…` is a direct message, anything else has other readers. */
  readonly channel: string;
  /** `ts` of the message that a thread hangs from. */
  readonly thread?: string;
  readonly user: string;
}

/**
 * `T1:D1:U1` for a direct message, `T1:C1:1700000000.000100:U1` for a thread. Several people in one thread have a conversation each:
 * what one of them has proved or filled in is not the others'.
 */
export function toAddress({ team, channel, thread, user }: Place): string {
  return [team, channel, ...(thread === undefined ? [] : [thread]), user].join(':');
}

/** @throws `slack.invalid_address` */
export function toPlace(address: string): Place {
  const [, team, channel, thread, user] = /^(\w+):(\w+)(?::(\d+\.\d+))?:(\w+)$/.exec(address) ?? [];
  if (team === undefined || channel === undefined || user === undefined)
    throw new ParleyError('slack.invalid_address', 'This is no address of the Slack channel.', {
      hint: 'It is team:channel:user, or team:channel:thread:user.',
    });
  return { team, channel, ...(thread === undefined ? {} : { thread }), user };
}

/** A conversation of two, which nobody else reads. */
export function isDirect(channel: string): boolean {
  return channel.startsWith('D');
}
