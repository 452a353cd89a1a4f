import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { startPeopleService, type PeopleService } from './people-service.js';
import { rawRequest } from './raw-request.js';

let people: PeopleService;
beforeAll(async () => {
  people = await startPeopleService();
});
afterAll(() => people.app.stop());

describe('what names mentors', () => {
  const paths = (): string[] => [
    `/${people.id}/forecast`,
    `/${people.id}/forecast?format=csv`,
    `/${people.id}/runs/run-1/reminders`,
    '/certifications',
    '/certifications/old',
  ];

  it('is served under both base paths, to GET and HEAD alone', async () => {
    for (const path of paths()) {
      const twice = `${people.address}${BASE_PATH}${BASE_PATH}${path}`;
      const [one, two] = [await fetch(people.api + path), await fetch(twice)];
      expect(two.status).toBe(one.status);
      const headed = await fetch(twice, { method: 'HEAD' });
      expect(headed.status).toBe(one.status);
      const posted = await fetch(twice, { method: 'POST' });
      expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    }
  });

  it.each([
    [{ Host: 'certifications.example' }, 'no name of the loopback'],
    [{ Host: 'localhost', 'X-Forwarded-For': '10.0.0.1' }, 'x-forwarded-for'],
    [{ Host: 'localhost', Forwarded: 'for=10.0.0.1' }, 'forwarded'],
    [{ Host: 'localhost', Via: '1.1 proxy' }, 'via'],
  ])('is refused to whoever asks with %j', async (headers: Record<string, string>, says) => {
    for (const path of paths()) {
      const answer = await rawRequest(people.address, { method: 'GET', path: BASE_PATH + path, headers });
      const body = JSON.parse(answer.text) as Record<string, any>;
      expect([answer.status, body.code]).toEqual([403, 'loopback_only']);
      expect(body.detail).toContain(says);
    }
    const others = await rawRequest(people.address, { method: 'GET', path: BASE_PATH, headers });
    expect(others.status).toBe(200);
  });
});
