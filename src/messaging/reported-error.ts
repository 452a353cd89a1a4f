import * as z from 'zod';
import { ownErrorCodes, type RunError } from '../events/job-events.js';
import { firstCharacters } from './first-characters.js';

const MOST_CHARACTERS = 2_000;
const MOST_CODE_CHARACTERS = 64;
const CODE = /^[A-Za-z0-9_.-]{1,64}$/;

/** What an executor says of its error. A code may be anything: the result of a run is not lost for it. */
export const reportedErrorSchema = z.object(
  { code: z.unknown().optional(), message: z.string('must be a text') },
  'must be an object with a message',
);

/**
 * The error that goes on record. The executor's own code is kept. One that this service gives itself, or that has
 * another form, stands before the message instead: a `timed_out` on record means that no result came in time. The
 * message is free text: a long one is cut and says so, half of a surrogate pair is replaced.
 */
export function recordedError({ code, message }: z.infer<typeof reportedErrorSchema>): RunError {
  if (typeof code === 'string' && CODE.test(code) && !isOwn(code)) return { code, message: cut(message) };
  const told = code === 'check_failed' ? '' : shownCode(code);
  return { code: 'check_failed', message: cut(told === '' ? message : `${told}: ${message}`) };
}

function isOwn(code: string): boolean {
  return (ownErrorCodes as readonly string[]).includes(code);
}

function shownCode(code: unknown): string {
  if (code === undefined || code === null) return '';
  // An object may be nested so deeply that nothing can show it.
  if (typeof code === 'object') return 'a code that is no text';
  const text = typeof code === 'string' ? code : JSON.stringify(code);
  return text.length <= MOST_CODE_CHARACTERS ? text : `${firstCharacters(text, MOST_CODE_CHARACTERS)}…`;
}

function cut(text: string): string {
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
  if (whole.length <= MOST_CHARACTERS) return whole;
  const mark = `… (${whole.length} characters)`;
  return firstCharacters(whole, MOST_CHARACTERS - mark.length) + mark;
}
