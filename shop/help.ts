import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html } from 'hono/html';

type Html = ReturnType<typeof html>;

/** The shop's help pages: the same files that the bot answers from, so that its sources can be read. */
const FOLDERS = ['help', 'billing', 'tech'].map((folder) => join(import.meta.dirname, '..', 'knowledge', folder));

export interface HelpPage {
  readonly title: string;
  readonly content: Html;
}

/** `undefined`: there is no such page. */
export function helpPage(language: string, name: string): HelpPage | undefined {
  if (!/^[a-z]{2}$/.test(language) || !/^[a-z-]{1,40}$/.test(name)) return undefined;
  const path = FOLDERS.map((folder) => join(folder, language, `${name}.md`)).find(existsSync);
  if (path === undefined) return undefined;
  const [, body = ''] = readFileSync(path, 'utf8').split(/^---\n[\s\S]*?^---\n/m);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('<!--'));
  const title = lines[0]?.replace(/^# /, '') ?? name;
  return {
    title,
    content: html`<div lang="${language}">${lines
      .slice(1)
      .map((line) => (line.startsWith('## ') ? html`<h2>${line.slice(3)}</h2>` : html`<p>${line}</p>`))}</div>`,
  };
}
