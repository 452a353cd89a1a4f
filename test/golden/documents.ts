import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createDocuments } from '../../src/documents/documents.js';
import type { Steps } from '../../src/documents/steps.js';
import { apiExamples } from '../../src/service/service-documents.js';
import type { ApiExample } from '../../src/documents/openapi/examples.js';
import { ownPackage } from '../../src/service/own-package.js';
import { apiPromises } from './api-promises.js';
import { FOLDER, readJson } from './golden.js';
import type { Published } from './schema-changes.js';

export const SCHEMAS_FOLDER = 'schemas';
/** What each schema looked like when it was published, as a hash. Lines are added by `npm run schemas`, never changed. */
export const HASHES_FILE = `${FOLDER}/published-schemas.json`;

/** What clients of the API were promised, a line each. Lines are added by `npm run schemas`, and taken out by hand alone. */
export const PROMISES_FILE = `${FOLDER}/published-api.txt`;

const INDEX = `${SCHEMAS_FOLDER}/index.json`;

/** Takes all steps at once. */
export function takeSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** All documents that the code makes, by their files in the repository. */
export function documentsOfToday(examples: readonly ApiExample[] = apiExamples): Map<string, unknown> {
  const made = createDocuments({ version: ownPackage.version, topicPrefix: '', examples });
  return new Map(
    [...made].map(([path, make]) => [path, JSON.parse(JSON.stringify(takeSteps(make()))) as unknown]),
  );
}

/** Those of them that are the schemas of events, by their names. */
export function schemasOf(documents: ReadonlyMap<string, unknown>): Map<string, unknown> {
  return new Map(
    [...documents]
      .filter(([path]) => path.startsWith(`${SCHEMAS_FOLDER}/`) && path !== INDEX)
      .map(([path, schema]) => [basename(path, '.json'), schema]),
  );
}

/** All documents that lie in the repository. */
export function documentsInRepository(): Map<string, unknown> {
  const files = [
    'openapi.json',
    'asyncapi.json',
    ...readdirSync(SCHEMAS_FOLDER).map((name) => `${SCHEMAS_FOLDER}/${name}`),
  ];
  return new Map(files.filter((file) => existsSync(file)).map((file) => [file, readJson(file)]));
}

/** @returns the lines that were published, and those of the document of today */
export function promises(today: ReadonlyMap<string, unknown>): { published: string[]; made: string[] } {
  const published = readFileSync(PROMISES_FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { published, made: apiPromises(today.get('openapi.json')) };
}

export function readPublished(): Published {
  return {
    hashes: readJson(HASHES_FILE) as Record<string, string>,
    schemas: schemasOf(documentsInRepository()),
  };
}
