import { JSON_LIMIT, parseJson, readBytes } from '../body.ts';
import { cleanText } from '../clean-text.ts';
import { Refusal } from '../refusal.ts';
import { type ClientActivity, readActivity } from './heard.ts';
import { invalid } from './refusals.ts';

export interface Upload {
  readonly activity: ClientActivity;
  readonly files: readonly File[];
}

/** UTF-16 units of a file's name. */
const NAME_LIMIT = 200;
const MOST_FILES = 10;

/**
 * The body of an upload: one file as it is, with its name in `Content-Disposition`, or a form of files with at most one activity that
 * they belong to. All of it together is as large as one file may be.
 * @throws `chat.too_large`, `directline.invalid`
 */
export async function readUpload(request: Request, userId: string | undefined, limit: number): Promise<Upload> {
  const bytes = await readBytes(request, limit);
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    const name = nameIn(request.headers.get('content-disposition'));
    return { activity: bareActivity(userId), files: [new File([new Uint8Array(bytes)], cleanName(name))] };
  }
  const parts = await partsOf(bytes, type);
  const activities = parts.filter(isActivity);
  const files = parts.filter((part) => !isActivity(part));
  const [activity, second] = activities;
  if (second !== undefined) throw invalid('an upload has one activity');
  if (files.length === 0) throw invalid('an upload has a file');
  if (files.length > MOST_FILES) throw invalid(`an upload has at most ${MOST_FILES} files`);
  return {
    activity: activity === undefined ? bareActivity(userId) : await readPart(activity, userId),
    files: files.map((file) => new File([file], cleanName(file.name))),
  };
}

async function partsOf(bytes: Uint8Array, type: string): Promise<readonly File[]> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    return [...form.values()].filter((part) => part instanceof File);
  } catch (cause) {
    throw new Refusal(400, 'directline.invalid', 'The form cannot be read.', {
      hint: 'Send multipart/form-data with its boundary.',
      cause,
    });
  }
}

function isActivity({ type }: File): boolean {
  return type.startsWith('application/vnd.microsoft.activity');
}

async function readPart(part: File, userId: string | undefined): Promise<ClientActivity> {
  if (part.size > JSON_LIMIT) throw invalid('the activity is too large');
  // Its own list of attachments describes the files that come beside it.
  const { attachments: _described, ...activity } = readActivity(parseJson(new Uint8Array(await part.arrayBuffer())));
  return activity.from?.id ? activity : readActivity({ ...activity, from: { id: userId } });
}

function bareActivity(userId: string | undefined): ClientActivity {
  return readActivity({ type: 'message', from: { id: userId } });
}

function nameIn(disposition: string | null): string {
  return /\bfilename="?([^";]{1,400})"?/i.exec(disposition ?? '')?.[1] ?? '';
}

/** Without folders and without what could hide its ending. */
function cleanName(name: string): string {
  const bare = cleanText(name.split(/[/\\]/).at(-1) ?? '').replace(/[\n\t"<>|:*?]/g, ' ');
  return bare.slice(-NAME_LIMIT).toWellFormed() || 'file';
}
