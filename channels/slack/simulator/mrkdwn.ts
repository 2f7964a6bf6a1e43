import type { Run } from '#channel';

/** What a client makes of mrkdwn: what is read, and whom it would call. */
export interface Shown {
  readonly runs: readonly Run[];
  /** `@channel`, `@U1`: people who would be notified. */
  readonly calls: readonly string[];
}

const SEQUENCE = /<([@#!]?)([^<>|\n]+)(?:\|([^<>\n]*))?>/g;
/** A mark counts where a word begins or ends; a zero-width space parts words too. */
const STYLED = /(?<![\p{L}\p{N}_*~`])([*_~`])(?=\S)((?:(?!\1)[^\n])+?)(?<=\S)\1(?![\p{L}\p{N}])/gu;
const STYLES = { '*': 'bold', _: 'italic', '~': 'strike', '`': 'code' } as const;

/** https://docs.slack.dev/messaging/formatting-message-text, read as Slack's own clients read it. */
export function show(text: string): Shown {
  const calls: string[] = [];
  const runs = styled(text).flatMap((run) => links(run, calls));
  return { runs: runs.map((run) => ({ ...run, text: read(run.text) })).filter((run) => run.text !== ''), calls };
}

/** The words alone. */
export function wordsOf(text: string): string {
  return show(text)
    .runs.map((run) => run.text)
    .join('');
}

function styled(text: string): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const match of text.matchAll(STYLED)) {
    const [whole, mark, inner = ''] = match;
    runs.push({ text: text.slice(end, match.index) }, { text: inner, style: STYLES[mark as keyof typeof STYLES] });
    end = match.index + whole.length;
  }
  return [...runs, { text: text.slice(end) }];
}

function links(run: Run, calls: string[]): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const match of run.text.matchAll(SEQUENCE)) {
    const [whole, sigil, target = '', label] = match;
    runs.push({ ...run, text: run.text.slice(end, match.index) });
    if (sigil === '') runs.push({ ...run, text: label ?? target, url: read(target) });
    // A moment is read by each in her own time; nobody is called.
    else if (target.startsWith('date^')) runs.push({ ...run, text: label ?? target });
    else {
      const name = `${sigil === '#' ? '#' : '@'}${label ?? target}`;
      calls.push(name);
      runs.push({ ...run, text: name });
    }
    end = match.index + whole.length;
  }
  return [...runs, { ...run, text: run.text.slice(end) }];
}

const ESCAPES = { lt: '<', gt: '>', amp: '&' };

function read(text: string): string {
  return text.replaceAll('\u200B', '').replaceAll(/&(lt|gt|amp);/g, (_, name: keyof typeof ESCAPES) => ESCAPES[name]);
}
