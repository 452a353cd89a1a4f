import { readFileSync } from 'node:fs';

/** What the package says of itself. */
export interface OwnPackage {
  /** Such as 0.1.0. */
  version: string;
  /** The oldest Node.js that it runs on, such as 20.19. */
  oldestNode: string;
}

/**
 * Read once, from the `package.json` above `src/` and `dist/`: the only place that has the version. Old versions of
 * Node.js load this file, too: it imports none of the packages.
 */
export const ownPackage: OwnPackage = readOwnPackage(new URL('../../package.json', import.meta.url));

function readOwnPackage(file: URL): OwnPackage {
  const { version, engines } = JSON.parse(readFileSync(file, 'utf8')) as {
    version: string;
    engines: { node: string };
  };
  return { version, oldestNode: engines.node.replace(/^>=\s*/, '') };
}
