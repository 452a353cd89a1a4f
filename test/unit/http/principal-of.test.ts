import { expect, it } from '@jest/globals';
import express, { type Response } from 'express';
import { ANONYMOUS } from '../../../src/access/principal.js';
import { keepPrincipal, principalOf } from '../../../src/http/principal-of.js';

it('a request that nothing has looked at may do nothing', () => {
  const response = Object.assign(Object.create(express.response), { locals: {} }) as Response;
  expect([...principalOf(response).scopes]).toEqual([]);
  keepPrincipal(response, ANONYMOUS);
  expect(principalOf(response).scopes).toContain('admin');
});
