import { join } from 'node:path';

/** What the dashboard knows of the API, in the repository. */
export const DASHBOARD_TYPES = 'dashboard/src/api/openapi.d.ts';

/** @param packages where those of the client in TypeScript are @returns the command that makes the types from a document */
export function typesCommand(packages: string, document: string, output: string): string[] {
  return [process.execPath, join(packages, '.bin', 'openapi-typescript'), document, '-o', output];
}
