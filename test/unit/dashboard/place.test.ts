import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hrefOf, parsePlace } from '../../../dashboard/src/place/parse-place.js';

describe('a place in the dashboard', () => {
  it.each([
    ['', { path: [], query: {} }],
    ['#', { path: [], query: {} }],
    ['#/jobs', { path: ['jobs'], query: {} }],
    ['#jobs/', { path: ['jobs'], query: {} }],
    ['#/jobs?name=a+b&status=', { path: ['jobs'], query: { name: 'a b', status: '' } }],
    ['#/expiring/certification/a%2Fb%3Fc', { path: ['expiring', 'certification', 'a/b?c'], query: {} }],
    ['#/jobs/%E0%A4%A', { path: ['jobs', '%E0%A4%A'], query: {} }],
    ['#/jobs?a=1?b=2', { path: ['jobs'], query: { a: '1?b=2' } }],
  ])('is read from %j', (hash, place) => {
    expect(parsePlace(hash)).toEqual(place);
  });

  it('leaves out of the address what is not asked for', () => {
    expect(hrefOf(['jobs'], { name: '', cursor: undefined, page: 2 })).toBe('#/jobs?page=2');
    expect(hrefOf(['jobs'])).toBe('#/jobs');
  });

  it('is the same after a way through the address, whatever it is made of', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(text), fc.dictionary(text, text, { noNullPrototype: true }), (path, query) => {
        expect(parsePlace(hrefOf(path, query))).toEqual({ path, query });
      }),
    );
  });
});
