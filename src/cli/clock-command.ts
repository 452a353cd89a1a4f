import type { Config } from '../config/config.js';
import { createAskClocks, type AskedClock } from '../fleet/ask-clocks.js';
import { openExistingLog, openSystem } from '../service/open-adapters.js';

/** Reading answers takes some time: less than this is no difference. */
const SECOND_MS = 1_000;

/**
 * `clock`: the clocks of all instances beside that of this machine, on standard output. With a reason it also tells them
 * that this machine's clock is right.
 * @returns the exit code: 0, or 1 when an instance does not answer or goes by another time
 */
export async function clockCommand(
  config: Config,
  { trust }: { trust: string | undefined },
): Promise<number> {
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const log = await openExistingLog(config, system);
  try {
    const clocks = createAskClocks({ log, clock: system.clock, ids: system.ids }, system.instance);
    let found = await clocks.ask();
    if (trust !== undefined) {
      await clocks.confirm(trust);
      found = await clocks.ask();
    }
    for (const each of found) process.stdout.write(clockLine(each));
    process.stdout.write(`${found.length} instances\n`);
    return found.every(({ agreedDiffersBy }) => Math.abs(agreedDiffersBy ?? Infinity) < SECOND_MS) ? 0 : 1;
  } finally {
    await log.close();
  }
}

function clockLine({ instance, wallDiffersBy, agreedDiffersBy }: AskedClock): string {
  if (wallDiffersBy === undefined) return `${instance}: no answer\n`;
  const goesBy =
    agreedDiffersBy === undefined ? 'does not know the time' : `goes by ${difference(agreedDiffersBy)}`;
  return `${instance}: shows ${difference(wallDiffersBy)}, ${goesBy}\n`;
}

function difference(ms: number): string {
  if (Math.abs(ms) < SECOND_MS) return 'the same time as this machine';
  const seconds = Math.round(Math.abs(ms) / SECOND_MS);
  return `a time ${seconds} s ${ms > 0 ? 'ahead of' : 'behind'} this machine`;
}
