import { compileText } from '../message/message-format.ts';
import { nearest } from '../reading/did-you-mean.ts';
import type { Path } from '../reading/yaml.ts';
import type { Run } from '../run.ts';
import type { Knowledge, Name } from './knowledge.ts';

/** A text in every language of the deployment, ready to be filled in. */
export interface Localized {
  readonly reads: readonly string[];
  render(run: Run): string;
  /** In every language, for understanding an answer given in another one. */
  renderAll(run: Run): readonly string[];
}

/** A text in every language of the deployment. */
export function compileLocalized(
  c: Knowledge,
  at: Path,
  source: unknown,
  extra?: ReadonlyMap<string, Name>,
): Localized {
  const byLocale: Record<string, { render(run: Run): string }> = {};
  const reads = new Set<string>();
  const sources = typeof source === 'string' ? { '*': source } : (source as Record<string, string>);
  for (const [locale, text] of Object.entries(sources)) {
    const { text: compiled, problems } = compileText<Run>(
      text,
      locale === '*' ? (c.library.locales[0] ?? 'en') : locale,
      c.scope(extra),
    );
    const place = locale === '*' ? at : [...at, locale];
    for (const { code, message, from, hint, severity } of problems)
      c.report(severity, code, message, place, from, hint);
    for (const name of compiled?.reads ?? []) {
      reads.add(name);
      c.used.add(name);
    }
    byLocale[locale] = compiled ?? { render: () => text };
  }
  if (!('*' in byLocale)) checkLocales(c, at, byLocale);
  else if (c.library.locales.length > 1) {
    if (hasWords(sources['*'] ?? '')) {
      c.report(
        'warning',
        'message.missing_locale',
        'This text is the same in every language.',
        at,
        0,
        `Write one a language: {${c.library.locales.map((locale) => `${locale}: …`).join(', ')}}.`,
      );
    }
    for (const locale of c.library.locales.slice(1)) {
      const compiled = compileText<Run>(sources['*'] ?? '', locale, c.scope(extra)).text;
      if (compiled) byLocale[locale] = compiled;
    }
  }
  const fallback = byLocale[c.library.locales[0] ?? 'en'] ??
    byLocale['*'] ??
    Object.values(byLocale)[0] ?? { render: () => '' };
  const all = [...new Set(Object.values(byLocale))];
  return {
    reads: [...reads],
    render: (run) => (byLocale[run.locale] ?? fallback).render(run),
    renderAll: (run) => [...new Set(all.map((text) => text.render(run)))],
  };
}

/** Beside the values it prints, has the text anything to translate? */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text.replace(/\{[\w.]+\}/g, ''));
}

function checkLocales(c: Knowledge, at: Path, byLocale: Record<string, unknown>): void {
  for (const locale of c.library.locales) {
    if (locale in byLocale) continue;
    c.report(
      'error',
      'message.missing_locale',
      `This text has no \`${locale}\` version.`,
      at,
      0,
      `Add \`${locale}:\`, since parley.yaml lists that language.`,
    );
  }
  for (const locale of Object.keys(byLocale)) {
    if (c.library.locales.includes(locale)) continue;
    const guess = nearest(locale, c.library.locales);
    if (/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(locale)) continue;
    c.errorAtKey(
      'flow.unknown_key',
      `\`${locale}\` is neither a language nor a key of this step.`,
      locale,
      guess ? `Did you mean \`${guess}\`?` : undefined,
      at,
    );
  }
}

/** A label must fit the buttons of every channel that is switched on. */
export function checkLabel(c: Knowledge, key: Path, source: unknown): void {
  const labels = typeof source === 'string' ? [source] : Object.values((source ?? {}) as Record<string, string>);
  for (const { name, can } of c.library.channels) {
    if (can.choices === undefined) continue;
    const { label: limit, unit = 'characters' } = can.choices;
    const lengthOf = unit === 'bytes' ? bytesOf : charactersOf;
    const long = labels.find((label) => !label.includes('{') && lengthOf(label) > limit);
    if (long !== undefined)
      c.error(
        'message.label_too_long',
        `“${long}” has ${lengthOf(long)} ${unit}; \`${name}\` shows ${limit}.`,
        key,
        unit === 'bytes' ? 'Shorten it: a Chinese character is three bytes.' : 'Shorten it.',
      );
  }
}

function charactersOf(text: string): number {
  return [...text].length;
}

/** As UTF-8, in which platforms count. */
function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
