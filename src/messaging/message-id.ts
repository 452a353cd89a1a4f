import * as z from 'zod';

const MOST_CHARACTERS = 200;

/** What ids and causes may be, which the log keeps for ever, and which are published in headers. */
export const messageCause = z
  .string('must be a text')
  .max(MOST_CHARACTERS, `must have at most ${MOST_CHARACTERS} characters`)
  .regex(/^\P{Control}*$/u, 'must not contain control characters')
  .regex(/^\P{Surrogate}*$/u, 'must not contain half of a surrogate pair');

/** The id of a job or run in a message. */
export const messageId = messageCause.min(1, 'must not be empty');
