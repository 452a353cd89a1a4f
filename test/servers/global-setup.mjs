import { tsImport } from 'tsx/esm/api';

/** Jest loads this file natively, without its transforms; it runs when a server test is to run. */
export default async function globalSetup() {
  const { startForTests } = await tsImport('./start-for-tests.ts', import.meta.url);
  globalThis.serversForTests = await startForTests();
}
