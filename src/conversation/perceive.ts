import { nameable } from '../flow/personal.ts';
import type { Attachment } from '../message.ts';
import type { Json, JsonObject } from '../type.ts';
import { isHidden } from './context.ts';
import { openQuestion } from './decide.ts';
import { type End, waitFor } from './second-opinion.ts';
import { again } from './stack.ts';
import type { Stage } from './stage.ts';

/**
 * A picture or a voice note where words were expected. Where a model can see or hear, what it makes of it is told to her and then heard as
 * if she had written it, no more and no less: nothing in a picture can do what her words could not. Without such a model, or when it
 * fails, she is told what to send instead. The original stays with the conversation for whoever looks at it later.
 */
export function perceive(stage: Stage, attachments: readonly Attachment[]): void {
  const sense = senseFor(attachments[0]);
  if (sense === undefined) return unneeded(stage, 'file_unexpected');
  if (!stage.bot.senses?.has(sense) || !mayLeave(stage)) return unneeded(stage, UNPERCEIVED[sense]);
  const files = attachments.filter((file) => senseFor(file) === sense).slice(0, MOST);
  const id = `perceive.${++stage.state.count}`;
  waitFor(stage, { id, text: '', files, at: stage.now }, TIMEOUT);
  stage.effects.push({
    kind: 'call',
    id,
    action: 'media.read',
    args: {
      sense,
      files: files.map(({ id, name, type }) => ({ id, name, type })),
      locale: stage.state.locale,
      personal: nameable(stage.customer),
    },
    effect: 'read',
    key: `${stage.scene.conversation}:${id}`,
    timeout: TIMEOUT,
  });
}

/** What a model made of it, or that nothing came of it. `hear` takes the words as hers. */
export function perceived(stage: Stage, [first]: readonly Attachment[], end: End, hear: (text: string) => void): void {
  const sense = senseFor(first);
  if (sense === undefined) return;
  const { text, usage } = objectIn(end.ok ? end.value : null);
  if (usage !== undefined) stage.record('model.used', { step: 'perceive', task: sense, ...objectIn(usage) });
  if (typeof text !== 'string' || text.trim() === '') {
    stage.record('model.failed', { step: 'perceive', task: sense, code: end.ok ? 'empty' : end.error });
    return unneeded(stage, UNPERCEIVED[sense]);
  }
  const words = text.trim().slice(0, LONGEST).toWellFormed();
  stage.say({ text: stage.phrase(PERCEIVED[sense], { text: words }) });
  hear(words);
}

type Sense = 'vision' | 'speech';

function senseFor(file: Attachment | undefined): Sense | undefined {
  if (file?.type.startsWith('image/')) return 'vision';
  return file?.type.startsWith('audio/') ? 'speech' : undefined;
}

/** Where a secret or a payment is asked for, a picture of it would leave the house as it is: nothing can be masked in it. */
function mayLeave(stage: Stage): boolean {
  return !stage.state.frames.some((frame) => Object.values(stage.program(frame).slots).some(isHidden));
}

function unneeded(stage: Stage, phrase: string): void {
  stage.say({ text: stage.phrase(phrase) });
  const frame = stage.top;
  if (frame?.waiting && openQuestion(stage, frame) !== undefined) again(stage, frame);
}

function objectIn(value: Json): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

const PERCEIVED = { vision: 'picture_seen', speech: 'voice_heard' } as const;
const UNPERCEIVED = { vision: 'picture_unseen', speech: 'voice_unheard' } as const;
/** Pictures of one message. */
const MOST = 3;
/** Milliseconds. Her words may then still need an answer that takes a model. */
const TIMEOUT = 8_000;
/** Characters: a story told by voice is cut where a written one would be. */
const LONGEST = 2_000;
