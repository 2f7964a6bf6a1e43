import { isHan, type Said } from '../said.ts';

export type Language = 'en' | 'zh';

/** By script alone: enough to know which everyday sentences a text is to be compared with. */
export function languageOf(said: Said): Language {
  let han = 0;
  for (const { text } of said.words) if (isHan(text.charCodeAt(0))) han++;
  return han * 3 > said.words.length ? 'zh' : 'en';
}
