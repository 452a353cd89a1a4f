import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Router, type IRoute } from 'express';
import { operations } from '../../src/documents/openapi/operations.js';
import { BASE_PATH } from '../../src/http/api.js';
import { apiExamples } from '../../src/service/service-documents.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The page of the API and the dashboard are for people, and are no part of it. */
const PAGES = ['/docs', '/docs/:file', '/dashboard/:file'];
type Json = Record<string, any>;

let service: RunningApp;
let document: Json;
const routes: IRoute[] = [];

beforeAll(async () => {
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(Router())) as {
    route: (path: string) => IRoute;
  };
  const original = prototype.route;
  prototype.route = function (path) {
    const route = original.call(this, path);
    routes.push(route);
    return route;
  };
  service = await startApp({ DATA_DIR: temporaryFolder() });
  prototype.route = original;
  document = (await service.call('GET', `${service.address}/openapi.json`)).body;
});
afterAll(() => service.app.stop());

describe('the OpenAPI document', () => {
  it('has each route of the router by each of its methods, and no other', () => {
    const served = routes.flatMap(({ path, stack }) =>
      stack.flatMap(({ method }: { method?: string }) =>
        method === undefined || PAGES.includes(path) ? [] : [`${method.toUpperCase()} ${path}`],
      ),
    );
    expect(served.length).toBeGreaterThan(30);
    const described = operations.map(({ method, path }) => `${method} ${routeOf(path)}`);
    expect([...new Set(served)].sort()).toEqual(described.sort());
  });

  it('describes each operation once', () => {
    const ids = operations.map(({ operation: { id } }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has no reference to what it does not have', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, ref = '']) =>
      ref.split('/'),
    );
    expect(refs.length).toBeGreaterThan(100);
    const found = (ref: readonly string[]): unknown =>
      ref.reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document);
    expect(refs.filter((ref) => found(ref) === undefined)).toEqual([]);
  });

  it('has examples that fit its schemas, as another validator reads them', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    // Those of this service have no definition elsewhere.
    ajv.addFormat('cron', true).addFormat('time-zone', true);
    ajv.addSchema({ $id: 'openapi', ...document });
    const faults = apiExamples.flatMap(({ operation, name, request, answer }) => {
      const { path = '', method = '' } = operations.find(({ operation: { id } }) => id === operation) ?? {};
      const described = document.paths[path][method.toLowerCase()] as Json;
      const sent: Json | undefined = described.requestBody?.content['application/json'].schema;
      const response: Json = described.responses[answer.status];
      const answered = Object.values<Json>(response.content ?? {});
      const validate = (schema: Json | undefined, value: unknown): string[] => {
        if (schema === undefined || value === undefined) return [];
        const check = ajv.getSchema(`openapi${String(schema.$ref)}`);
        if (check === undefined) throw new Error(`${operation} has no schema that can be found`);
        return check(value) === true ? [] : [`${operation}, ${name}: ${ajv.errorsText(check.errors)}`];
      };
      const isWrong = answer.status === 400;
      const schema = answered[0]?.schema ?? { $ref: '#/components/schemas/Problem' };
      return [...(isWrong ? [] : validate(sent, request.body)), ...validate(schema as Json, answer.body)];
    });
    expect(faults).toEqual([]);
  });
});

function routeOf(path: string): string {
  const route = path.replace(BASE_PATH, '').replace(/\{(\w+)\}/g, ':$1');
  return route === '' ? '/' : route;
}
