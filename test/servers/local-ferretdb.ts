import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askMongodb } from './ask-servers.js';
import { cachedFolder } from './cached-folder.js';
import { freePorts } from './free-ports.js';
import { folderOfServer, startLocalServer } from './local-server.js';
import { runCommand } from './run-command.js';
import type { Running, Way } from './way.js';

const VERSION = '1.24.2';
const SOURCE = fileURLToPath(new URL('./ferretdb/', import.meta.url));

/** FerretDB, which speaks MongoDB's protocol, over SQLite; built from its Go module. */
export const localFerretdb: Way = {
  via: `local: FerretDB ${VERSION} over SQLite`,
  async prepare() {
    const from = ['main.go', 'go.mod', 'go.sum'].map((file) => join(SOURCE, file));
    const folder = await cachedFolder({ name: `ferretdb-${VERSION}`, from }, build);
    return () => start(join(folder, 'ferretdb'));
  },
};

async function build(folder: string): Promise<void> {
  await runCommand(
    [
      'go',
      'build',
      '-C',
      SOURCE,
      '-trimpath',
      '-tags',
      'ferretdb_no_postgresql',
      '-o',
      join(folder, 'ferretdb'),
      '.',
    ],
    // All of it is Go; a C compiler is not needed.
    { withinMs: 900_000, env: { CGO_ENABLED: '0' } },
  );
}

async function start(program: string): Promise<Running> {
  const folder = folderOfServer();
  const data = join(folder, 'data');
  mkdirSync(data);
  const [port = 0] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const url = `mongodb://${address}/`;
  const stop = await startLocalServer({
    name: 'FerretDB',
    command: [program, address, data],
    folder,
    ask: () => askMongodb(url),
  });
  return { url, stop };
}
