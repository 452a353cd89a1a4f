import { createApp, type App } from '../../src/service/app.js';
import type { Adapters } from '../../src/ports/adapters.js';
import { loadConfig } from '../../src/config/config.js';
import { BASE_PATH } from '../../src/http/api.js';
import { assertDocumented } from '../service/documented-answer.js';
import { createCollectingLogger, type LogLine } from './collecting-logger.js';

export interface RunningApp {
  app: App;
  /** Address and base path. */
  api: string;
  address: string;
  logged: LogLine[];
  /** A request with a JSON body, and its answer, which must be as the OpenAPI document says. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, any>;
}

/** The whole service in this process, on a free port; what is not given is real. The caller stops it. */
export async function startApp(
  env: Record<string, string>,
  overrides: Partial<Adapters> = {},
): Promise<RunningApp> {
  const logger = createCollectingLogger();
  const app = await createApp(loadConfig({ PORT: '0', ...env }), { logger, ...overrides });
  const address = await app.start();
  const api = address + BASE_PATH;
  return {
    app,
    api,
    address,
    logged: logger.lines,
    async call(method, path, body, headers = {}) {
      const url = path.startsWith('http') ? path : api + path;
      const response = await fetch(url, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, any>);
      assertDocumented({ method, path: new URL(url).pathname, response, body: parsed });
      return { status: response.status, headers: response.headers, body: parsed };
    },
  };
}
