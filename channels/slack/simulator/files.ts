import type { Parameters } from './methods.ts';
import { openChannel, Refused, type StoredFile, say, type Workspace } from './workspace.ts';

/** Uploads in three steps (https://docs.slack.dev/messaging/working-with-files#uploading_files): an address, the bytes, where to show it. */
export function fileMethods(
  url: () => string,
): Readonly<Record<string, (workspace: Workspace, given: Parameters) => object>> {
  return {
    'files.getUploadURLExternal'(workspace, given) {
      const length = Number(given.length);
      if (!Number.isInteger(length) || length <= 0 || given.filename === undefined)
        throw new Refused('invalid_arguments');
      const file = keep(workspace, String(given.filename), 'application/octet-stream', new Uint8Array());
      return { upload_url: `${url()}/upload/v1/${file.id}`, file_id: file.id };
    },
    'files.completeUploadExternal'(workspace, given) {
      const files = (typeof given.files === 'string' ? JSON.parse(given.files) : given.files) as { id: string }[];
      const stored = files.map(({ id }) => workspace.files.get(id));
      if (stored.some((file) => file === undefined || file.bytes.byteLength === 0)) throw new Refused('file_not_found');
      const shown = stored.filter((file) => file !== undefined).map((file) => described(workspace, file, url()));
      if (given.channel_id !== undefined) {
        const channel = openChannel(workspace, given.channel_id);
        const { app, team } = workspace;
        const thread = given.thread_ts === undefined ? {} : { thread_ts: String(given.thread_ts) };
        const author = { user: app.user, bot_id: app.bot, app_id: app.id, team: team.id };
        const text = String(given.initial_comment ?? '');
        say(workspace, channel, {
          type: 'message',
          subtype: 'file_share',
          ts: workspace.nextTs(),
          ...author,
          text,
          files: shown,
          ...thread,
        });
      }
      return { files: shown };
    },
    'files.info'(workspace, given) {
      const file = workspace.files.get(String(given.file));
      if (file === undefined) throw new Refused('file_not_found');
      return { file: described(workspace, file, url()) };
    },
  };
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
