/* eslint-disable no-console -- a tool for a terminal */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { format, resolveConfig } from 'prettier';
import {
  documentsInRepository,
  documentsOfToday,
  HASHES_FILE,
  PROMISES_FILE,
  promises,
  readPublished,
  SCHEMAS_FOLDER,
  schemasOf,
} from './documents.js';
import { apiExamples } from '../../src/service/service-documents.js';
import { API_PAGE, apiPage } from './api-page.js';
import { EXAMPLES_FILE, tellStory, withoutChance } from './api-story.js';
import { readJson } from './golden.js';
import { brokenPromises, hashOf } from './schema-changes.js';

// `npm run schemas`, after an event has got a new version, or anything that the documents say has changed. A schema that
// is published keeps its shape, and clients of the API keep what they were promised: what no release has yet, or what takes
// more from clients than before, may change once its line is taken out of HASHES_FILE or PROMISES_FILE by hand.

mkdirSync(SCHEMAS_FOLDER, { recursive: true });
if (!existsSync(HASHES_FILE)) writeFileSync(HASHES_FILE, '{}');
if (!existsSync(PROMISES_FILE)) writeFileSync(PROMISES_FILE, '');
const story = await tellStory(mkdtempSync(join(tmpdir(), 'story-')));
const isTold = isDeepStrictEqual(withoutChance(story), withoutChance(apiExamples));
const today = documentsOfToday(isTold ? apiExamples : story);
if (!isTold) await write(EXAMPLES_FILE, story);
const schemas = schemasOf(today);
const published = readPublished();
const api = promises(today);
const gone = api.published.filter((line) => !api.made.includes(line));
const broken = [
  ...brokenPromises(schemas, published),
  ...gone.map((line) => `clients were promised: ${line}`),
];
if (broken.length > 0) {
  console.error(broken.join('\n'));
  process.exit(1);
}
for (const [file, content] of today) await write(file, content);
for (const file of documentsInRepository().keys()) if (!today.has(file)) rmSync(file);
writeFileSync(PROMISES_FILE, `${api.made.join('\n')}\n`);
const added = [...schemas].filter(([name]) => !(name in published.hashes));
await write(HASHES_FILE, {
  ...published.hashes,
  ...Object.fromEntries(added.map(([name, schema]) => [name, hashOf(schema)])),
});

await writeText(API_PAGE, apiPage());

async function write(file: string, content: unknown): Promise<void> {
  if (existsSync(file) && isDeepStrictEqual(readJson(file), content)) return;
  await writeText(file, JSON.stringify(content));
}

async function writeText(file: string, text: string): Promise<void> {
  const formatted = await format(text, { ...(await resolveConfig(file)), filepath: file });
  if (existsSync(file) && readFileSync(file, 'utf8') === formatted) return;
  writeFileSync(file, formatted);
  console.log(file);
}
