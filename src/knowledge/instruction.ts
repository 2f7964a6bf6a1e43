import { sentencesOf } from './chunk.ts';
import type { Passage } from './passage.ts';

/**
 * The first sentence of a passage that gives orders to a model; `undefined`: there is none. Looked for in all that is read of it: its text,
 * its headings, and its author's notes, which nobody sees. What is hidden by its characters has been left out when the document was read.
 * It knows the usual wordings and no more, so it is a warning to authors; what keeps a model from obeying is that nothing is said or done
 * on its word alone.
 */
export function instructionIn({ title, heading, also, text }: Passage): string | undefined {
  const sentences = [text, heading, title, also ?? ''].flatMap(sentencesOf);
  return sentences.find((sentence) => {
    const plain = sentence.replace(JOINERS, '').normalize('NFKC');
    return INSTRUCTIONS.some((pattern) => pattern.test(plain));
  });
}

/** Some scripts need them, so they are read; between Latin letters they only keep a word from being found. */
const JOINERS = /[\u200C\u200D]/gu;

/** Each begins at a word of its own and looks only a few words ahead, so that no document is slow to look through. */
const INSTRUCTIONS: readonly RegExp[] = [
  // Forget what you were told.
  /\b(?:ignore|disregard|forget|override|bypass) (?:(?:all|any|every|each|of|the|these|those|my|our) ){0,4}(?:previous|prior|above|earlier|preceding|foregoing|system|your)(?: (?:previous|prior|above|earlier|system|safety|own|original|initial)){0,2} (?:instructions?|prompts?|rules?|directions?|directives?|guidelines?)\b/i,
  /\b(?:ignore|disregard|forget) (?:everything|all|anything) (?:above|before|you (?:were|have been) told)\b/i,
  /(?:忽略|忽視|忽视|无视|無視|忘记|忘記|忘掉|不要理会|不要理會|不要遵守)[^。！？\n]{0,10}?(?:以上|上述|上面|之前|前面|先前|此前|系统|系統|原有|你的)[^。！？\n]{0,8}?(?:指示|指令|提示|规则|規則|要求|命令|设定|設定)(?!的)/,
  // Tell what you were told.
  /\b(?:reveal|print|repeat|show|output|leak)\b(?: \S+){0,4}? (?:system|hidden|initial) (?:prompt|instructions?|message)\b/i,
  /(?:透露|输出|輸出|显示|顯示|泄露|洩露|复述|告诉我)[^。！？\n]{0,8}?(?:系统提示|系統提示|系统指令|系統指令|提示词|提示詞)/,
  // Be somebody else.
  /\byou are now (?:an? |in )?(?:\S+ )?(?:unrestricted|jailbroken|dan\b|developer mode|root\b)/i,
  /\b(?:as an? (?:ai|language model)|(?:attention|note to|dear|instructions? (?:to|for)) (?:the |any |all )?(?:ai|llm|language model|chatbot|assistant)s?)\b[^.!?\n]{0,12}?[:,] ?(?:\S+ ){0,3}?(?:must|should|always|never|say|tell|answer|reply|respond|send|recommend|call|offer|give|ignore)\b/i,
  /你现在(?:是|处于|進入|进入)[^。！？\n]{0,6}?(?:不受限制|无限制|开发者模式|管理员|越狱)/,
  /(?:致|告知|提醒|请)(?:所有|各位)?(?:AI|人工智能|大模型|语言模型|智能助手)[^。！？\n]{0,6}?[：:，,]/i,
  // The marks by which a model's own conversation is written.
  /<\|(?:im_start|im_end|system|endoftext)\|>|\[\/?INST\]|<<\/?SYS>>|^(?:system|assistant) ?: ?(?:you (?:are|must)|ignore)\b/i,
];
