import { isWeb, type Run, runsOf } from '#channel';

const ADDRESS = /https?:\/\/[^\s<>|"'`，。！？；：、（）]{1,2000}/g;

/** Our markdown as Slack reads it, bare addresses made links: what shall be one, we must mark as one. */
export function linkedRunsOf(markdown: string): readonly Run[] {
  return runsOf(markdown).flatMap((run) =>
    run.style === 'code' || run.url !== undefined ? [run] : withAddresses(run),
  );
}

function withAddresses({ text, ...look }: Run): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const { index, 0: found } of text.matchAll(ADDRESS)) {
    // "See https://shop.example." ends a sentence, not an address.
    const url = found.replace(/[.,;:!?)\]*_]+$/, '');
    if (!isWeb(url)) continue;
    runs.push({ text: text.slice(end, index), ...look }, { text: url, ...look, url });
    end = index + url.length;
  }
  return [...runs, { text: text.slice(end), ...look }].filter((run) => run.text !== '');
}
