/**
 * What shows something: no control character, blank, half of a pair or filler. A replacement character stands for bytes that
 * were no UTF-8.
 */
const SEEN = String.raw`[^\p{C}\p{Z}\uFFFD\u115F\u1160\u2800\u3164\uFFA0]`;
/** Between two that are seen: blanks, or what joins or parts letters (Persian, Hindi, emoji). */
const BETWEEN = String.raw`(?:\p{Zs}+|[\u200C\u200D])`;
const ACTOR_NAME = new RegExp(String.raw`^(?=.{1,128}$)(?!\p{M})${SEEN}+(?:${BETWEEN}${SEEN}+)*$`, 'su');

export const ACTOR_NAME_RULE = '1 to 128 printable characters without blanks around them';

/** Whether events and log lines can name somebody so. */
export function isActorName(text: string): boolean {
  return ACTOR_NAME.test(text);
}
