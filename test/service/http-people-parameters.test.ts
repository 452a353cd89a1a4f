import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { expectProblem } from './expect-problem.js';
import { startPeopleService, type PeopleService } from './people-service.js';

let people: PeopleService;
beforeAll(async () => {
  people = await startPeopleService();
});
afterAll(() => people.app.stop());

describe('the parameters of forecasts, reminders and certifications', () => {
  const bad = (path: string, field: string, says: string): [string, string, string] => [path, field, says];
  it.each([
    ...['forecast', 'certifications'].flatMap((route) => [
      bad(`${route}?limit=0`, 'limit', 'from 1 to 100'),
      bad(`${route}?limit=101`, 'limit', 'from 1 to 100'),
      bad(`${route}?limit=1&limit=2`, 'limit', 'from 1 to 100'),
      bad(`${route}?cursor=`, 'cursor', 'next_cursor'),
      bad(`${route}?cursor=abc`, 'cursor', 'next_cursor'),
      bad(`${route}?cursor=${'x'.repeat(9_000)}`, 'cursor', 'next_cursor'),
      bad(`${route}?format=xml`, 'format', 'json, csv'),
      bad(`${route}?page=1`, 'page', 'allowed: '),
      bad(`${route}?__proto__=1`, '__proto__', 'allowed: '),
    ]),
    bad('forecast?on=2026-02-30', 'on', 'date that exists'),
    bad('forecast?on=0001-01-01', 'on', '1970'),
    bad('forecast?on=tomorrow', 'on', 'date'),
    bad('forecast?on=', 'on', 'date'),
    bad('certifications?expires_within=-1', 'expires_within', 'from 0 to 36500'),
    bad('certifications?expires_within=1e9', 'expires_within', 'from 0 to 36500'),
    bad('certifications?expired=yes', 'expired', 'true, false'),
    bad('certifications?status=lost', 'status', 'active'),
    bad('certifications?sort=mentor_id', 'sort', 'expires_at'),
    bad('certifications?type=', 'type', '1 to 200'),
    bad('certifications?label=%00', 'label', 'control'),
    bad('certifications?mentor_id=%ff', 'query', 'UTF-8'),
    bad(`certifications?mentor_id=${'x'.repeat(201)}`, 'mentor_id', '200'),
    bad('certifications?mentor_id=a&mentor_id=b', 'mentor_id', 'once'),
    bad('certifications/old?limit=0', 'limit', 'from 1 to 100'),
    bad('certifications/old?format=csv', 'format', 'allowed: '),
    bad('runs/run-1/reminders?page=1', 'page', 'allowed: '),
  ])('are refused: %s', async (path, field, says) => {
    const isOfJob = path.startsWith('forecast') || path.startsWith('runs');
    const answer = await people.text(isOfJob ? `/${people.id}/${path}` : `/${path}`);
    const contentType = answer.headers.get('content-type');
    expectProblem(
      { status: answer.status, contentType, text: answer.text },
      { status: 400, code: 'invalid_request', field, says },
    );
  });
});
