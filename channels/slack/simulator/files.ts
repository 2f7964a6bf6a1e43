import { type Block, isBlocks, mistakesIn } from './blocks.ts';
import type { Parameters } from './methods.ts';
import { openChannel, Refused, type StoredFile, say, takeBack, type Workspace } from './workspace.ts';

/** Uploads in three steps (https://docs.slack.dev/messaging/working-with-files#uploading_files): an address, the bytes, where to show it. */
export function fileMethods(
  url: () => string,
): Readonly<Record<string, (workspace: Workspace, given: Parameters) => object>> {
  return {
    'files.getUploadURLExternal'(workspace, given) {
      mayUpload(workspace);
      const length = Number(given.length);
      if (!Number.isInteger(length) || length <= 0 || given.filename === undefined)
        throw new Refused('invalid_arguments');
      const file = keep(workspace, String(given.filename), 'application/octet-stream', new Uint8Array());
      return { upload_url: `${url()}/upload/v1/${file.id}`, file_id: file.id };
    },
    'files.completeUploadExternal'(workspace, given) {
      mayUpload(workspace);
      const files = (typeof given.files === 'string' ? JSON.parse(given.files) : given.files) as { id: string }[];
      const stored = files.map(({ id }) => workspace.files.get(id));
      if (stored.some((file) => file === undefined || file.bytes.byteLength === 0)) throw new Refused('file_not_found');
      const shown = stored.filter((file) => file !== undefined).map((file) => described(workspace, file, url()));
      if (given.channel_id !== undefined) {
        const channel = openChannel(workspace, given.channel_id);
        const { app, team } = workspace;
        const thread = given.thread_ts === undefined ? {} : { thread_ts: String(given.thread_ts) };
        const author = { user: app.user, bot_id: app.bot, app_id: app.id, team: team.id };
        // "If the initial_comment field is provided, the blocks field is ignored."
        const text = String(given.initial_comment ?? '');
        const blocks = given.initial_comment === undefined && given.blocks !== undefined ? spoken(given.blocks) : {};
        say(workspace, channel, {
          type: 'message',
          subtype: 'file_share',
          ts: workspace.nextTs(),
          ...author,
          text,
          ...blocks,
          files: shown,
          ...thread,
        });
      }
      return { files: shown };
    },
    'files.delete'(workspace, given) {
      mayUpload(workspace);
      const id = String(given.file);
      if (!workspace.files.delete(id)) throw new Refused('file_not_found');
      for (const channel of workspace.channels.values()) {
        const shared = channel.messages.find(({ files = [] }) => files.some((file) => 'id' in file && file.id === id));
        if (shared !== undefined) takeBack(workspace, channel, shared);
      }
      return {};
    },
    'files.info'(workspace, given) {
      const file = workspace.files.get(String(given.file));
      if (file === undefined) throw new Refused('file_not_found');
      return { file: described(workspace, file, url()) };
    },
  };
}

function mayUpload({ app }: Workspace): void {
  if (!app.scopes.includes('files:write')) throw new Refused('missing_scope');
}

function spoken(given: unknown): { readonly blocks: readonly Block[] } {
  const blocks: unknown = typeof given === 'string' ? JSON.parse(given) : given;
  const mistakes = mistakesIn(blocks, 'message');
  if (mistakes.length > 0 || !isBlocks(blocks)) throw new Refused('invalid_blocks', mistakes);
  return { blocks };
}

export function keep(workspace: Workspace, name: string, mimetype: string, bytes: Uint8Array): StoredFile {
  const file: StoredFile = { id: workspace.nextId('F'), name, mimetype, bytes };
  workspace.files.set(file.id, file);
  return file;
}

/** https://docs.slack.dev/reference/objects/file-object */
export function described({ team, now }: Workspace, { id, name, mimetype, bytes }: StoredFile, url: string): object {
  const path = `${url}/files-pri/${team.id}-${id}`;
  return {
    id,
    created: Math.floor(now() / 1000),
    name,
    title: name,
    mimetype,
    filetype: name.split('.').at(-1),
    size: bytes.byteLength,
    mode: 'hosted',
    is_external: false,
    is_public: false,
    file_access: 'visible',
    url_private: `${path}/${encodeURIComponent(name)}`,
    url_private_download: `${path}/download/${encodeURIComponent(name)}`,
  };
}
