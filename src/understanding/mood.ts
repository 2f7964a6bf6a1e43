/**
 * Danger, told by fixed words, the same every time; anger, by fixed words and by how a whole sentence sounds. Both are conservative. Missing
 * some anger costs an apology; calling somebody angry who is not, or not seeing that somebody is in danger, costs more.
 */
import { required } from '../type.ts';
import { feelingIn } from './feeling.ts';
import { MOODS_EN, MOODS_ZH, type Moods } from './phrases/mood.ts';
import { Said } from './said.ts';
import type { Context, Danger, Understanding } from './understanding.ts';

/** Points from which it is anger: one furious word, or two signs of another kind. */
const ANGER = 2;
/** Where she was asked to tell in her own words, a broken lamp may well be called crap. */
const ANGER_IN_A_NOTE = 4;
/** So sure that a sentence sounds angry; less will do beside a sign of anger. */
const SOUNDS = { alone: 0.8, withSign: 0.5 } as const;
const DANGERS = ['self_harm', 'emergency', 'threat'] as const;

/** The same understanding, that hears danger before anything else, and anger beside what is said in it. */
export function hearingMoods(understanding: Understanding): Understanding {
  return {
    ...understanding,
    understand(text, context) {
      const danger = dangerIn(text);
      if (danger !== undefined) return [{ do: 'unsafe', danger }];
      const commands = understanding.understand(text, context);
      return isAngry(text, context) ? [{ do: 'upset' }, ...commands] : commands;
    },
  };
}

function isAngry(text: string, context: Context): boolean {
  const signs = angerIn(text);
  if (isNote(context)) return signs >= ANGER_IN_A_NOTE;
  if (signs >= ANGER) return true;
  const felt = feelingIn(text);
  return felt?.feeling === 'angry' && felt.confidence >= (signs > 0 ? SOUNDS.withSign : SOUNDS.alone);
}

export function dangerIn(text: string): Danger | undefined {
  const { key } = new Said(text);
  return DANGERS.find((danger) => countOf(finders[danger], key) > 0);
}

/** How many signs of anger there are; a furious word counts for two. */
export function angerIn(text: string): number {
  const { key } = new Said(text);
  const words = 2 * countOf(finders.furious, key) + countOf(finders.cross, key);
  return words + Number(isShouted(text)) + Number(/[!?！？]{3,}/.test(text));
}

const finders = Object.fromEntries(
  (Object.keys(MOODS_EN) as (keyof Moods)[]).map((mood) => [mood, finderOf(MOODS_EN[mood], MOODS_ZH[mood])]),
) as Record<keyof Moods, RegExp>;

/** English by whole words; Chinese is written without spaces between them. */
function finderOf(english: readonly string[], chinese: readonly string[]): RegExp {
  return new RegExp(`(?<![a-z0-9])(?:${english.join('|')})(?![a-z0-9])|${chinese.join('|')}`, 'g');
}

function countOf(finder: RegExp, key: string): number {
  return key.match(finder)?.length ?? 0;
}

/** Capitals in more than a word or a number of an order. */
function isShouted(text: string): boolean {
  const words = text.match(/\p{L}{2,}/gu) ?? [];
  const shouted = words.filter((word) => /^\p{Lu}+$/u.test(word));
  return shouted.length >= 3 && shouted.length >= words.length * 0.8;
}

function isNote({ question }: Context): boolean {
  if (question === undefined || question.choices !== undefined || question.pattern !== undefined) return false;
  return required(question.type).kind === 'text';
}
