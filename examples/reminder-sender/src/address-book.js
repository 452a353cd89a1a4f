import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

const schema = z.record(
  z.string(),
  z.object({
    name: z.string('must be a text').max(200, 'must have at most 200 characters').default(''),
    address: z.email('must be an e-mail address'),
  }),
);

/** @typedef {{ name: string, address: string }} Recipient */
/** undefined: none is known. @typedef {(mentorId: string) => Recipient | undefined | Promise<Recipient | undefined>} AddressOf */

/**
 * Looks mentors up in a file of JSON, which is read again when it has changed. Put a directory or a database in its place
 * here: it has to be right at the moment of sending, nothing is kept.
 * @param {string} file
 * @returns {AddressOf} throws when the file cannot be read: mails wait meanwhile
 */
export function openAddressBook(file) {
  /** @type {{ changedAt: number, people: z.infer<typeof schema> } | undefined} */
  let known;
  return (mentorId) => {
    const changedAt = statSync(file).mtimeMs;
    if (known?.changedAt !== changedAt) known = { changedAt, people: readPeople(file) };
    return Object.hasOwn(known.people, mentorId) ? known.people[mentorId] : undefined;
  };
}

/** @param {string} file */
function readPeople(file) {
  const { success, data, error } = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (success) return data;
  const reasons = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new Error(`${file}: ${reasons.join('; ')}`);
}
