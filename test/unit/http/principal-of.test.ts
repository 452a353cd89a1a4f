import { expect, it } from '@jest/globals';
import express, { type Response } from 'express';
import { AccessError, refused } from '../../../src/access/credentials.js';
import { ANONYMOUS, createPrincipal, type Principal } from '../../../src/access/principal.js';
import { keepIdentify, keepPrincipal, principalOf, stillMay } from '../../../src/http/principal-of.js';

const unlooked = () => Object.assign(Object.create(express.response), { locals: {} }) as Response;

it('a request that nothing has looked at may do nothing', () => {
  const response = unlooked();
  expect([...principalOf(response).scopes]).toEqual([]);
  keepPrincipal(response, ANONYMOUS);
  expect(principalOf(response).scopes).toContain('admin');
});

it.each<[string, () => Promise<Principal>, boolean]>([
  ['has the scope still', () => Promise.resolve(createPrincipal('key:a', ['admin'])), true],
  ['has lost the scope', () => Promise.resolve(createPrincipal('key:a', ['write'])), false],
  ['was withdrawn', () => Promise.reject(refused('unknown_key', 'gone')), false],
  [
    'cannot be looked at now',
    () => Promise.reject(new AccessError('credentials_unavailable', 'down', 'issuer_unavailable')),
    true,
  ],
])('whoever has sent a request is asked for again: it %s', async (_, identifyAgain, may) => {
  const response = unlooked();
  expect(await stillMay(response, 'read')).toBe(false);
  keepIdentify(response, identifyAgain);
  expect(await stillMay(response, 'read')).toBe(may);
});

it('a fault is not taken for a withdrawn credential', async () => {
  const response = unlooked();
  keepIdentify(response, () => Promise.reject(new TypeError('a fault')));
  await expect(stillMay(response, 'read')).rejects.toThrow('a fault');
});
