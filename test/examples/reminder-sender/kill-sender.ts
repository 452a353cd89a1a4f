import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServers } from '../../servers/start-servers.js';
import { killSender } from './sender-kills.js';

/** `npm run kill-sender -- --kills 100`: half for digests, half for single mails. Ends with 1 when one comes twice or never. */
const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' } } });
const kills = Math.ceil(Number(values.kills) / 2);
const servers = await startServers(['kafka']);
try {
  if (servers.kafka.kind === 'missing') throw new Error(`no Kafka: ${servers.kafka.reason}`);
  for (const mailPer of ['run', 'reminder'] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'kill-sender-'));
    const result = await killSender({
      kills,
      mailPer,
      brokers: servers.kafka.url,
      folder,
      onKill: (kill) => kill % 10 === 0 && process.stderr.write(`${kill} of ${kills} kills\n`),
    });
    const { at, reminders, mails, twice, lost, inDoubt, inDoubtAccepted, hungUp, notOnce, messagesAside } =
      result;
    process.stdout.write(
      `a mail per ${mailPer}: ${kills} kills (${Object.entries(at)
        .map(([point, count]) => `${count} ${point}`)
        .join(', ')}); ${reminders} reminders in ${mails} mails: ${twice} twice, ${lost} lost; ` +
        `${inDoubt} mails in doubt, ${hungUp} of them as the mail server hung up, of which ${inDoubtAccepted} had been accepted; ` +
        `${notOnce} reminders not exactly once when these were resolved; ` +
        `${messagesAside} messages set aside; ${result.medianDoubtMs} ms from the dot to the record of its answer (median)\n`,
    );
    if (twice + lost + notOnce > 0) process.exitCode = 1;
    rmSync(folder, { recursive: true, force: true });
  }
} finally {
  await servers.stop();
}
