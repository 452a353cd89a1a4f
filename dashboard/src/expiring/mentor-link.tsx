import { hrefOf } from '../place/parse-place.js';
import { shownText } from './shown-text.js';

interface MentorLinkProps {
  id: string;
  /** What else the records are narrowed by. */
  query?: Readonly<Record<string, string>>;
}

/** A mentor, who leads to their records. */
export function MentorLink({ id, query = {} }: MentorLinkProps) {
  return (
    <a href={hrefOf(['expiring'], { ...query, cursor: undefined, mentor_id: id })}>
      <bdi>{shownText(id)}</bdi>
    </a>
  );
}
