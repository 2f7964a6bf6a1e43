import type { Media } from '#channel';
import type { Activity } from './activity.ts';

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4: a file from her device or her OneDrive. */
const DOWNLOAD = 'application/vnd.microsoft.teams.file.download.info';

/** Her words: our own name taken out of them, those of others left; Teams writes names as tags, and escapes what she typed. */
export function wordsOf({ text, entities, recipient }: Activity): string {
  const ours = (entities ?? [])
    .filter(({ type, mentioned }) => type === 'mention' && mentioned?.id === recipient?.id)
    .map(({ text: name }) => name ?? '');
  const rest = ours.filter((name) => name !== '').reduce((words, name) => words.replaceAll(name, ''), text ?? '');
  return unescaped(rest.replaceAll(/<\/?at(?:\s[^<>]{0,200})?>/gi, ''))
    .replaceAll('\u00a0', ' ')
    .trim();
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

/** Once, so that an escaped escape stays what she typed. */
function unescaped(text: string): string {
  return text.replaceAll(
    /&(?:(lt|gt|amp|quot|apos|nbsp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name, decimal, hex) => {
      if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
      const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}

/** Files and pictures. The words come once more as a `text/html` attachment, which is not one. */
export function mediaOf({ attachments }: Activity): readonly Media[] {
  return (attachments ?? []).flatMap(({ contentType, contentUrl, content, name }) => {
    if (contentType === DOWNLOAD) {
      const address = downloadUrlOf(content);
      return address === undefined ? [] : [{ ref: address, name: name ?? 'file' }];
    }
    const [kind = '', type = ''] = contentType.split('/');
    if (!MEDIA.has(kind) || !contentUrl) return [];
    return [{ ref: contentUrl, name: name ?? `${kind}${/^[a-z\d]{2,5}$/.test(type) ? `.${type}` : ''}` }];
  });
}

const MEDIA: ReadonlySet<string> = new Set(['image', 'audio', 'video']);

function downloadUrlOf(content: unknown): string | undefined {
  if (typeof content !== 'object' || content === null || !('downloadUrl' in content)) return undefined;
  return typeof content.downloadUrl === 'string' ? content.downloadUrl : undefined;
}
