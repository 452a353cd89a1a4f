import { describe, expect, it } from '@jest/globals';
import { isId, isStep, shownText } from '../../../dashboard/src/expiring/shown-text.js';
import { hrefOf, parsePlace } from '../../../dashboard/src/place/parse-place.js';

const HOSTILE = [
  'a/b',
  '100%',
  '%2F',
  '?x=1&y#z',
  '<b>"\'',
  'שלום \u202Eabc',
  '🎓',
  'x'.repeat(200),
  '..',
  ' ',
];

describe('ids that may be any text', () => {
  it.each(HOSTILE)('come back from the address as they are: %j', (id) => {
    expect(isId(id)).toBe(true);
    expect(parsePlace(hrefOf(['expiring', 'certification', id])).path).toEqual([
      'expiring',
      'certification',
      id,
    ]);
    expect(parsePlace(hrefOf(['expiring'], { mentor_id: id })).query).toEqual({ mentor_id: id });
  });

  it.each(['', 'x'.repeat(201), 'a\nb', '\uD800'])('are none when no record can have them: %j', (text) => {
    expect(isId(text)).toBe(false);
  });

  it('are in quotes where their ends could not be seen', () => {
    expect(shownText('cert-7')).toBe('cert-7');
    expect(shownText('🎓')).toBe('🎓');
    for (const unseen of [' ', ' a', 'a ', '\u200B', '\u202Ea', '\u0301a'])
      expect(shownText(unseen)).toBe(`“${unseen}”`);
  });

  it('are no path of their own', () => {
    expect(['.', '..', '...', '%2e'].filter(isStep)).toEqual(['.', '..']);
    for (const id of HOSTILE.filter((text) => !isStep(text)))
      expect(new URL(`http://here/a/${encodeURIComponent(id)}`).pathname).toBe(
        `/a/${encodeURIComponent(id)}`,
      );
  });
});
