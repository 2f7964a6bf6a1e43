import { useRef, useState } from 'preact/hooks';
import type { Chat } from '../chat.ts';
import type { StoredFile } from '../protocol.ts';

/** A file on its way to the conversation's store, or there already. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  /** From 0 to 1. */
  readonly progress: number;
  readonly stored?: StoredFile;
  /** What the server said against it; may be empty. */
  readonly failed?: string;
  cancel(): void;
}

/** Files attached to the next message: each starts uploading as it is picked, dropped or pasted. */
export function useUploads(chat: Chat) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const keys = useRef(0);

  const update = (key: number, change: Partial<Upload>) =>
    setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));

  const attach = (files: Iterable<File>) => {
    for (const file of files) {
      const key = keys.current++;
      const abort = new AbortController();
      const cancel = () => {
        abort.abort();
        setUploads((all) => all.filter((upload) => upload.key !== key));
      };
      setUploads((all) => [...all, { key, name: file.name, progress: 0, cancel }]);
      chat
        .upload(file, (progress) => update(key, { progress }), abort.signal)
        .then((stored) => update(key, { stored, progress: 1 }))
        .catch((error: Error) => update(key, { failed: error.message }));
    }
  };

  return { uploads, attach, clear: () => setUploads([]) };
}
