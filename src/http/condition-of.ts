import type { IncomingHttpHeaders } from 'node:http';
import type { Condition } from '../job/condition.js';
import { invalidRequest, ProblemError } from './problem.js';

/** An entity tag of RFC 9110, section 8.8.3; blanks around it are of the list that it stands in. */
const TAG = /^\s*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*$/;
const ELEMENTS = /(?:[^,"]|"[^"]*"?)+/g;
/** What `etagOf` makes. */
const VERSION = /^[1-9]\d{0,15}$/;
const MOST_TAGS = 20;

/** The entity tag of a job: strong, since a write under it must be of this very configuration. Runs leave it as it is. */
export function etagOf({ config_version }: { config_version: number }): string {
  return `"${config_version}"`;
}

/**
 * The condition that a write is sent under, by `If-Match` or `If-None-Match`; undefined when there is none.
 * @throws ProblemError invalid_request, unsupported_header
 */
export function conditionOf(headers: IncomingHttpHeaders): Condition | undefined {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']];
  if (match !== undefined && noneMatch !== undefined)
    throw unsupported('If-Match and If-None-Match at once are not supported');
  if (noneMatch !== undefined) {
    if (noneMatch.trim() !== '*') throw unsupported('If-None-Match must be * for a write');
    return { exists: false };
  }
  if (match === undefined) return undefined;
  if (match.trim() === '*') return { exists: true };
  // A list may have empty elements (RFC 9110, section 5.6.1), and a tag may have commas.
  const elements = (match.match(ELEMENTS) ?? []).filter((element) => element.trim() !== '');
  const tags = elements.slice(0, MOST_TAGS + 1).map((element) => TAG.exec(element));
  if (tags.length === 0 || tags.length > MOST_TAGS || tags.includes(null)) {
    const message = `must be *, or up to ${MOST_TAGS} entity tags such as "12"`;
    throw invalidRequest([{ field: 'If-Match', message }]);
  }
  // A weak tag never matches (RFC 9110, section 13.1.1), and no job has one of another form.
  const versions = tags.flatMap((tag) => (tag?.[1] === undefined ? [tag?.[2] ?? ''] : []));
  return { configVersions: versions.filter((text) => VERSION.test(text)).map(Number) };
}

function unsupported(why: string): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'unsupported_header',
    detail: `nothing was done, since ${why}`,
  });
}
