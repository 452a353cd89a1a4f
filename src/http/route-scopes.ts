import { SCOPES, type Scope } from '../access/principal.js';

/** What a sender must hold: any one of these scopes. */
export type AnyOf = readonly Scope[];

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const read: AnyOf = ['read'];
const operate: AnyOf = ['operate'];
const write: AnyOf = ['write'];
const people: AnyOf = ['people'];

/**
 * Each route, each of its methods, and what that needs; HEAD needs what GET does. A route that is not here cannot be
 * guarded, so the service does not start with it. `/livez`, `/readyz`, the documents, the page of the API and the dashboard are asked without
 * credentials and are not here.
 */
export const routeScopes: Readonly<Record<string, Readonly<Partial<Record<Method, AnyOf>>>>> = {
  '/metrics': { GET: read },
  '/leader': { GET: read },
  '/access': { GET: SCOPES },
  '/certifications': { GET: people },
  '/certifications/:certification_id': { GET: people },
  '/preview': { POST: read },
  '/events': { GET: read },
  '/events/stream': { GET: read },
  '/bulk': { POST: operate },
  '/by-key/:key': { GET: read, PUT: write },
  '/runs': { GET: read },
  '/': { GET: read, POST: write },
  // Before the body is read; `scopesOfBody` says which of the two it needs.
  '/:id': { GET: read, PUT: ['operate', 'write'], DELETE: write },
  '/:id/execute': { POST: operate },
  '/:id/reset-watermark': { POST: operate },
  '/:id/revert': { POST: write },
  '/:id/restore': { POST: write },
  '/:id/next': { GET: read },
  '/:id/slots': { GET: read },
  '/:id/diff': { GET: read },
  '/:id/events': { GET: read },
  '/:id/events/stream': { GET: read },
  '/:id/forecast': { GET: people },
  '/:id/runs': { GET: read },
  '/:id/runs/:run_id': { GET: read },
  '/:id/runs/:run_id/cancel': { POST: operate },
  '/:id/runs/:run_id/reminders': { GET: people },
};

/** To enable and to disable is to operate. */
const FIELDS_OF_OPERATORS = ['enabled', 'reason'];

/**
 * What a parsed body needs, of the scopes that its method has asked for. Only a PUT has two. Each field counts that is
 * sent, also those that change nothing.
 */
export function scopesOfBody(asked: AnyOf, body: unknown): AnyOf {
  const fields = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  const isOfOperators = fields.every((field) => FIELDS_OF_OPERATORS.includes(field));
  return asked.length === 1 || isOfOperators ? asked : write;
}
