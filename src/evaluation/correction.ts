/**
 * What an agent corrected becomes a case of a suite: "this customer meant a return". The suite is the author's file: its comments, its order
 * and what else stands in it are kept.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isMap, isSeq, parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import { ParleyError } from '../errors.ts';
import { keyFor } from '../understanding/said.ts';
import { readSuite, type Utterance } from './suite.ts';

/** Longer than this it is a letter, and no utterance. UTF-16 units. */
const LONGEST = 1_000;
const NONE = 'none';

/**
 * Adds a labelled utterance to the suite in `file`, which is made if there is none. Personal data must have been masked before: the file is
 * kept in version control. Written whole or not at all; two processes must not append to one file at once.
 * @param utterance `flow: undefined` where it belongs to no flow
 * @returns false where the suite says so already: nothing is written
 * @throws `eval.correction` for words that are none, or that the suite gives to another flow; `eval.suite` for a file that is no suite
 */
export function appendUtterance(file: string, utterance: Utterance): boolean {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = withUtterance(before, utterance, file);
  if (after === before) return false;
  const half = `${file}.${process.pid}`;
  writeFileSync(half, after);
  renameSync(half, file);
  return true;
}

/** As {@link appendUtterance}, from text to text. */
export function withUtterance(suite: string, utterance: Utterance, file = 'the suite'): string {
  const { text, flow = NONE, locale } = checked(utterance);
  const known = suite.trim() === '' ? [] : casesOf(suite, file);
  const same = known.filter((each) => each.locale === locale && keyFor(each.text) === keyFor(text));
  if (same.some((each) => each.flow === utterance.flow)) return suite;
  if (same[0] !== undefined) {
    throw new ParleyError('eval.correction', `“${text}” is ${same[0].flow ?? NONE} in ${file}, and ${flow} now.`, {
      hint: 'Decide which it is, and change that line of the suite.',
    });
  }
  const document = parseDocument(suite.trim() === '' ? 'cases: []\n' : suite);
  const cases = document.get('cases');
  if (!isSeq(cases)) throw noSuite(file);
  cases.flow = false;
  const own = cases.items.find((each) => isMap(each) && each.get('flow') === flow);
  const entry = isMap(own) ? own : new YAMLMap();
  if (entry !== own) {
    entry.set('flow', flow);
    cases.add(entry);
  }
  const said = entry.get(locale);
  if (isSeq(said)) said.add(document.createNode(text));
  else {
    const list = new YAMLSeq();
    list.add(document.createNode(text));
    entry.set(locale, list);
  }
  return document.toString({ lineWidth: 0, indentSeq: true });
}

function checked({ text, flow, locale }: Utterance): Utterance {
  const said = text.replaceAll(/\s+/g, ' ').trim();
  const why =
    keyFor(said) === ''
      ? 'It has no words.'
      : said.length > LONGEST
        ? `It is longer than ${LONGEST} characters.`
        : flow !== undefined && !/^[\p{L}][\p{L}\d_.?-]*$/u.test(flow)
          ? `"${flow}" is no name of a flow.`
          : /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(locale)
            ? undefined
            : `"${locale}" is no locale.`;
  if (why === undefined) return { text: said, flow, locale };
  throw new ParleyError('eval.correction', `This is no utterance to learn from. ${why}`, {
    hint: "Give the customer's own words, the flow she meant (or none) and the locale, such as en.",
  });
}

function casesOf(suite: string, file: string): readonly Utterance[] {
  const { utterances, problems } = readSuite(suite, file.endsWith('.yaml') ? file : `${file}.yaml`);
  if (problems.length > 0) throw noSuite(file);
  return utterances;
}

function noSuite(file: string): ParleyError {
  return new ParleyError('eval.suite', `${file} is no suite that can be added to.`, {
    hint: 'Run parley eval on it: it tells what is wrong with it, and where.',
  });
}
