import { hrefOf } from '../place/parse-place.js';
import { isId, shownText } from './shown-text.js';

/** An id that leads to what was and will be done about it. It may be any text: it turns no text around it. */
export function CertificationLink({ id }: { id: string }) {
  const shown = <bdi>{shownText(id)}</bdi>;
  return isId(id) ? <a href={hrefOf(['expiring', 'certification', id])}>{shown}</a> : shown;
}
