import { show } from '../../../../channels/slack/simulator/mrkdwn.ts';
import { type Desk, useDesk } from './desk-view.ts';

/** A text object of Slack's, as its clients show it. */
export function Text({ of }: { of: unknown }) {
  const { type, text } = (of ?? {}) as { type?: string; text?: string };
  if (text === undefined) return null;
  return type === 'mrkdwn' ? <Mrkdwn text={text} /> : <span class="words">{text}</span>;
}

const TAGS = { bold: 'strong', italic: 'em', code: 'code', strike: 's' } as const;

export function Mrkdwn({ text }: { text: string }) {
  const desk = useDesk();
  const { runs } = show(named(text, desk, desk.language));
  const called = new Set([
    ...desk.view.members.map(({ shown }) => `@${shown}`),
    ...desk.channels.map(({ name }) => `#${name}`),
  ]);
  return (
    <span class="words">
      {runs.map(({ text, style, url }) => {
        const Tag = style === undefined ? 'span' : TAGS[style];
        const isSafe = url !== undefined && /^(https?|mailto|tel):/i.test(url);
        return (
          <Tag class={called.has(text) ? 'mention' : undefined}>
            {isSafe ? (
              <a href={url} rel="noreferrer" target="_blank">
                {text}
              </a>
            ) : (
              text
            )}
          </Tag>
        );
      })}
    </span>
  );
}

/** People, channels and moments are read by each in her own words. */
function named(text: string, { view, channels }: Desk, language: string): string {
  return text
    .replaceAll(/<@(\w+)>/g, (whole, id: string) => {
      const name = view.members.find(({ user }) => user === id)?.shown;
      return name === undefined ? whole : `<@${id}|${name}>`;
    })
    .replaceAll(/<#(\w+)>/g, (whole, id: string) => {
      const name = channels.find((channel) => channel.id === id)?.name;
      return name === undefined ? whole : `<#${id}|${name}>`;
    })
    .replaceAll(/<!date\^(\d+)\^[^|>]*\|[^>]*>/g, (_, seconds: string) => moment(Number(seconds) * 1000, language));
}

/** `{date_short_pretty} {time}`: today and yesterday by their names. */
function moment(at: number, language: string): string {
  const date = new Date(at);
  const days = Math.round((new Date(date).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
  const day =
    Math.abs(days) <= 1
      ? new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')
      : date.toLocaleDateString(language, { month: 'short', day: 'numeric' });
  return `${day} ${date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })}`;
}
