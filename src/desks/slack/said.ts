/** A message of an agent's gives its own command: given again, by Slack's retry or by hand, it is the same one. */
export function commandOf(channel: string, ts: string): string {
  return `slack:${channel}:${ts}`;
}

export function noteOf(channel: string, ts: string): string {
  return `${commandOf(channel, ts)}:note`;
}

/** Was it done here, or at another desk? */
export function isOfSlack(command: string): boolean {
  return command.startsWith('slack:');
}

/** Where in Slack that was written; `undefined`: not in Slack. `part`: it is one of the files that came with the words. */
export function writtenAt(
  command: string,
): { readonly channel: string; readonly ts: string; readonly part: boolean } | undefined {
  const [, channel, ts, part] = /^slack:([A-Z0-9]+):(\d+\.\d+)(?::note|(\+\d+))?$/.exec(command) ?? [];
  return channel === undefined || ts === undefined ? undefined : { channel, ts, part: part !== undefined };
}

/** What somebody has typed, as she sees it: Slack marks names, channels and addresses in it (https://docs.slack.dev/messaging/formatting-message-text). */
export function typed(mrkdwn: string): string {
  return mrkdwn
    .replaceAll(/<([@#!]?)([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, sigil: string, target: string, label?: string) => {
      if (sigil !== '') return `${sigil === '#' ? '#' : '@'}${label ?? target}`;
      const address = target.replace(/^mailto:/, '');
      return label === undefined || label === address || `http://${label}` === address
        ? address
        : `${label} (${address})`;
    })
    .replaceAll(/&(lt|gt|amp);/g, (_, name: keyof typeof ESCAPES) => ESCAPES[name]);
}

const ESCAPES = { lt: '<', gt: '>', amp: '&' } as const;
