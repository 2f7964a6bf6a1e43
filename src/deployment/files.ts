import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;

/** `files:` of `parley.yaml`. */
export const FileSettings = z
  .strictObject({
    megabytes: z.number().positive().max(100).default(10).meta({ description: 'Of one file. Default: 10.' }),
    megabytes_per_conversation: z
      .number()
      .positive()
      .max(10_000)
      .default(50)
      .meta({ description: 'Of all files of one conversation. Default: 50.' }),
  })
  .meta({ description: 'How large the files may be that customers send from other apps. The web chat has its own.' });

/** In bytes; `undefined` where nothing is said of it. */
export function fileLimitsOf({ files }: { files?: z.infer<typeof FileSettings> | undefined }) {
  if (files === undefined) return undefined;
  return {
    size: Math.floor(files.megabytes * MEBIBYTE),
    total: Math.floor(files.megabytes_per_conversation * MEBIBYTE),
  };
}
