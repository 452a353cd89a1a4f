import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServers } from '../servers/start-servers.js';
import { killWorkers } from './worker-kills.js';

/** `npm run kill-workers -- --kills 100 [--embedded]`: ends with 1 when a run has asked for too many or too few reminders. */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, embedded: { type: 'boolean', default: false } },
});
const kills = Number(values.kills);
const dataDir = mkdtempSync(join(tmpdir(), 'kill-workers-'));
const servers = values.embedded ? undefined : await startServers();
try {
  if (servers?.kafka.kind === 'missing') throw new Error(`no Kafka: ${servers.kafka.reason}`);
  const { whileOpen, inTheMiddle, broken } = await killWorkers({
    kills,
    dataDir,
    brokers: servers?.kafka.url,
    onKill: (kill) => kill % 10 === 0 && process.stderr.write(`${kill} of ${kills} kills\n`),
  });
  process.stdout.write(
    `${kills} kills, ${whileOpen} of them while a run was open, ${inTheMiddle} between its reminders: ` +
      `${broken.length} promises broken\n${broken.map((line) => `${line}\n`).join('')}`,
  );
  process.exitCode = broken.length === 0 ? 0 : 1;
} finally {
  await servers?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
