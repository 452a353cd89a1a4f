import { describe, expect, it } from '@jest/globals';
import { pathOf } from '../../../dashboard/src/api/path-of.js';

const RUN = '/{id}/runs/{run_id}';

describe('the path of a request', () => {
  it('has its parameters, whatever stands in them', () => {
    expect(pathOf(RUN, { id: 'cron-1', run_id: 'run-2/../?#' })).toBe('/cron-1/runs/run-2%2F..%2F%3F%23');
    expect(pathOf('/certifications/{certification_id}', { certification_id: 'leader' })).toBe(
      '/certifications/leader',
    );
    expect(pathOf('/leader', {})).toBe('/leader');
  });

  it.each(['.', '..', '', 'leader', 'runs', '__proto__', undefined])('leads nowhere else by %p', (id) => {
    expect(() => pathOf(RUN, { id, run_id: 'run-2' })).toThrow('id: nothing is called so');
    expect(() => pathOf(RUN, { id: 'cron-1', run_id: id })).toThrow('run_id: nothing is called so');
  });

  it.each(['.', '..', ''])('goes no step by the id of a certification, %p', (certification_id) => {
    expect(() => pathOf('/certifications/{certification_id}', { certification_id })).toThrow('nothing');
  });
});
