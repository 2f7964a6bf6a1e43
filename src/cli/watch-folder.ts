import { existsSync, type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS_FILE } from '../deployment/settings.ts';

/** Editors write a file in several steps; this long after the last one it is whole. */
const SETTLED = 40;

/**
 * Calls `changed` once after each burst of changes in a deployment's YAML, or in its folders of documents. Returns what ends the watching.
 */
export function watchFolder(
  directory: string,
  flows: string,
  changed: () => void,
  documents: readonly string[] = [],
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLED);
  };
  const notice = (_kind: string, name: string | null) => {
    if (name === null || name.endsWith('.yaml')) settle();
  };
  const under = (folder: string, heard: typeof notice): FSWatcher[] => {
    const path = join(directory, folder);
    return existsSync(path) ? [watch(path, { recursive: true }, heard)] : [];
  };
  const watchers = [...under(flows, notice), ...documents.flatMap((folder) => under(folder, settle))];
  // The folder, not the file: editors put a new file in its place.
  watchers.push(watch(directory, (kind, name) => (name === SETTINGS_FILE ? notice(kind, name) : undefined)));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
