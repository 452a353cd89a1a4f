import { readFileSync, writeFileSync } from 'node:fs';
import { askEverything, startSenders, tableText, withTable } from './access-table.js';

// `npx tsx test/service/write-access-table.ts`, after a route or what it needs has changed: asks the API, and writes its
// answers into the document. Read the difference before you commit it.

const DOCUMENT = 'docs/security.md';
const senders = await startSenders();
const table = tableText(await askEverything(senders));
await senders.close();
writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, 'utf8'), table));
process.exit();
