import { readFileSync } from 'node:fs';

interface Document {
  paths: Record<string, Record<string, { operationId: string }>>;
}

/** The names of all operations of the document that lies in the repository, those that are added included. */
export function documentedOperations(): string[] {
  const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as Document;
  return Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
}
