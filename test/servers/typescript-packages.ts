import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf } from './bounded.js';
import { cachedFolder } from './cached-folder.js';
import type { Obtained } from './obtained.js';
import { say } from './progress.js';
import { runCommand } from './run-command.js';

const FILES = ['package.json', 'package-lock.json'].map((file) =>
  fileURLToPath(new URL(`../clients/typescript/${file}`, import.meta.url)),
);

/**
 * The packages of a generated client in TypeScript, in a folder of their own that is made once: they need another compiler
 * than this repository.
 * @returns their `node_modules` as `url`. Never rejects: what is missing says why
 */
export async function obtainTypeScriptPackages(): Promise<Obtained> {
  try {
    const folder = await cachedFolder({ name: 'typescript-client', from: FILES }, install);
    return { kind: 'ready', url: join(folder, 'node_modules'), via: 'npm' };
  } catch (error) {
    return { kind: 'missing', reason: reasonOf(error) };
  }
}

export function sayTypeScriptPackages(packages: Obtained): void {
  say(
    packages.kind === 'ready'
      ? `packages of the client in TypeScript: ${packages.url}`
      : `NO packages of the client in TypeScript: ${packages.reason}`,
  );
}

async function install(folder: string): Promise<void> {
  for (const file of FILES) copyFileSync(file, join(folder, basename(file)));
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await runCommand(['npm', 'ci', '--prefix', folder, ...quiet], { withinMs: 300_000 });
}
