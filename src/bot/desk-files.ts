import { ParleyError } from '../errors.ts';
import type { FileKeeper, FilePlace } from '../handoff/files.ts';
import { cleanText } from '../server/clean-text.ts';
import type { FileStore } from '../server/file-store.ts';
import type { FileLimits } from '../server/settings.ts';
import { sniff } from '../server/sniff.ts';

/** Agents' files, in the same store and under the same limits as those that customers send. */
export function deskFiles(files: FileStore, limits: FileLimits): FileKeeper {
  return {
    async keep(place, { name, bytes }) {
      const type = sniff(bytes);
      if (type === undefined)
        throw refused('desk.file_type', 'Files of this type are not sent.', 'Send a picture, a PDF or plain text.');
      if (bytes.byteLength > limits.size)
        throw refused('desk.file_size', `The file is larger than ${limits.size} bytes.`, 'Send a smaller one.');
      const shelf = shelfOf(place);
      if ((await files.used(shelf)) + bytes.byteLength > limits.total)
        throw refused('desk.files_full', 'This conversation has no room for more files.', 'Send a smaller one.');
      return files.keep(shelf, { name: fileName(name), type, bytes });
    },
    describe: (place, id) => files.describe(id, shelfOf(place)),
  };
}

/** Beside the customer's own, so that all of it is counted and erased as a whole. */
function shelfOf({ account, address }: FilePlace): string {
  return `${account}\n${address}`;
}

/** Without folders, and without what could hide its ending. */
function fileName(name: string): string {
  const bare = cleanText(name.split(/[/\\]/).at(-1) ?? '').replace(/[\n\t"<>|:*?]/g, ' ');
  return bare.trim().slice(-NAME_LIMIT).toWellFormed() || 'file';
}

function refused(code: string, message: string, hint: string): ParleyError {
  return new ParleyError(code, message, { hint });
}

/** UTF-16 units. */
const NAME_LIMIT = 200;
