/** A replacement character stands for bytes that were no UTF-8. */
const ACTOR_NAME = /^[^\p{C}\p{Zl}\p{Zp}\uFFFD]{1,128}$/u;

export const ACTOR_NAME_RULE = '1 to 128 printable characters';

/** Whether events and log lines can name somebody so. */
export function isActorName(text: string): boolean {
  return ACTOR_NAME.test(text);
}
