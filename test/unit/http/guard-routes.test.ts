import { describe, expect, it } from '@jest/globals';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { ANONYMOUS, createPrincipal, SCOPES, type Principal } from '../../../src/access/principal.js';
import { guardRoutes } from '../../../src/http/guard-routes.js';
import { routeScopes, scopesOfBody } from '../../../src/http/route-scopes.js';

const work: RequestHandler = () => undefined;
const counted: string[] = [];
const refused = (reason: string): void => void counted.push(reason);

describe('a router that is guarded', () => {
  it('may have the routes of the table', () => {
    const router = Router();
    for (const [path, needs] of Object.entries(routeScopes))
      for (const method of Object.keys(needs)) router[method.toLowerCase() as 'get'](path, work);
    expect(guardRoutes(router, refused)).toBe(router);
    for (const { route } of router.stack) expect(route?.stack.at(-1)?.handle).toBe(work);
  });

  it.each<[string, Router, string]>([
    ['a path', Router().get('/:id/secrets', work), '/:id/secrets is not in the table'],
    ['a spelling', Router().get('/leader/', work), '/leader/ is not in the table'],
    ['a name of a parameter', Router().get('/:job', work), '/:job is not in the table'],
    ['what every object has', Router().get('constructor', work), 'constructor'],
    ['a method', Router().get('/leader', work).delete('/leader', work), 'delete of /leader'],
    ['a HEAD of its own', Router().head('/leader', work), 'head of /leader'],
    ['a router inside', Router().use(Router()), 'nothing but routes'],
    ['work that is no route', Router().use(work), 'nothing but routes'],
  ])('may not have %s that is not there', (_, router, why) => {
    expect(() => guardRoutes(router, refused)).toThrow(why);
  });
});

describe('what names mentors', () => {
  const [guard] = guardRoutes(Router().get('/certifications', work), refused).stack[0]?.route?.stack ?? [];
  const socket = { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1' };
  const here = {
    method: 'GET',
    headers: { host: 'localhost' },
    httpVersion: '1.1',
    originalUrl: '/',
    socket,
  };
  const ask = (principal: Principal) => (): unknown =>
    guard?.handle(
      here as unknown as Request,
      { locals: { principal } } as unknown as Response,
      () => undefined,
    );

  it('is for the anonymous on this machine, and for nobody who is merely called so', () => {
    expect(ask(ANONYMOUS)).not.toThrow();
    expect(ask(createPrincipal('key:reader', ['people']))).not.toThrow();
    expect(ask(createPrincipal('anonymous', []))).toThrow('this needs the scope people');
    expect(ask(createPrincipal('key:reader', ['admin']))).toThrow('people, and key:reader does not have it');
    expect(counted).toEqual(['forbidden', 'forbidden']);
  });
});

describe('the table of scopes', () => {
  it('asks for something everywhere, and for people by itself', () => {
    const { '/access': ofAnybody, ...others } = routeScopes;
    expect(ofAnybody).toEqual({ GET: SCOPES });
    const all = Object.values(others).flatMap((needs) => Object.values(needs));
    expect(all.filter((scopes) => scopes.length === 0)).toEqual([]);
    expect(all.filter((scopes) => scopes.includes('people') && scopes.length > 1)).toEqual([]);
    expect(all.filter((scopes) => scopes.includes('admin'))).toEqual([]);
  });

  it.each([
    [{ enabled: true }, ['operate', 'write']],
    [{ enabled: true, reason: null }, ['operate', 'write']],
    [{}, ['operate', 'write']],
    [undefined, ['operate', 'write']],
    [{ enabled: true, name: 'a' }, ['write']],
    [{ status: 'active', enabled: true }, ['write']],
    [['enabled'], ['write']],
    [JSON.parse('{"__proto__":{"enabled":true}}'), ['write']],
  ])('counts the fields of a change: %j', (body, scopes) => {
    expect(scopesOfBody(['operate', 'write'], body)).toEqual(scopes);
    expect(scopesOfBody(['operate'], body)).toEqual(['operate']);
  });
});
