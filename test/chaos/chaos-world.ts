import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadConfig } from '../../src/config/config.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import type { Adapters } from '../../src/ports/adapters.js';
import type { Dice } from '../simulation/dice.js';
import { hasAtomicUpdates, openMongoDatabase } from '../servers/mongo-database.js';
import { freePorts } from '../servers/free-ports.js';
import { createFleet, type Fleet } from './fleet.js';
import type { LogServer } from './log-server.js';
import { APPEND_WITHIN_MS, type Outage } from './outage.js';

/** Instances on one log, three by default, and this process beside them with connections of its own. */
export interface ChaosWorld {
  folder: string;
  /** Prefix of the topic names. */
  topicPrefix: string;
  fleet: Fleet;
  adapters: Adapters;
  /** Whether the read store compares versions in the same step in which it writes. */
  comparesWhileWriting: boolean;
  /** So far. */
  outages: Outage[];
  /** Whether an append fails that is not answered in time. */
  appendsTimeOut: boolean;
  setStalls: (on: boolean) => void;
  /** How many there were. */
  stalls: () => number;
  /** From now on instances start with a true clock and without stalls. */
  calm: () => void;
  close(): Promise<void>;
}

const INSTANCES = 3;
const LARGEST_OFFSET_MS = 2_000;
const LONGEST_STALL_LEASES = 2.5;
const PRELOAD = resolve('test/chaos/preload.mjs');

export async function openChaosWorld(options: {
  dice: Dice;
  leaseMs: number;
  logServer: LogServer | undefined;
  brokers: string | undefined;
  mongodb: string | undefined;
  instances?: number;
  /** Of all instances, besides what they get anyway. */
  env?: Record<string, string>;
}): Promise<ChaosWorld> {
  const { dice, leaseMs, logServer, brokers, mongodb, instances = INSTANCES, env = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const output = join(folder, 'output');
  mkdirSync(output);
  const database = mongodb === undefined ? undefined : await openMongoDatabase(mongodb);
  const topicPrefix = `chaos-${randomUUID()}.`;
  const stores = {
    DATA_DIR: join(folder, 'data'),
    ...(logServer && { EVENTSTORE_URL: logServer.url }),
    ...(database && { MONGODB_URL: database.url }),
  };
  const shared = {
    ...stores,
    ALLOW_SECONDS: 'true',
    LEASE_MS: String(leaseMs),
    ...env,
    ...(brokers !== undefined && { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: topicPrefix }),
  };
  const stallsFile = join(folder, 'stalls');
  const longestStallMs = LONGEST_STALL_LEASES * leaseMs;
  const outages: Outage[] = [];
  let stallsSince: number | undefined;
  let calm = false;

  const fleet = createFleet({
    ports: await freePorts(instances),
    folder: output,
    next() {
      if (calm) return { env: shared, offsetMs: 0 };
      // Half of the clocks are right, or two that agree would hardly ever follow each other.
      const offsetMs = dice.chance(0.5) ? 0 : Math.round((2 * dice.random() - 1) * LARGEST_OFFSET_MS);
      const env = {
        ...shared,
        NODE_OPTIONS: `--import=${pathToFileURL(PRELOAD).href}`,
        CHAOS_CLOCK_OFFSET_MS: String(offsetMs),
        CHAOS_STALLS: stallsFile,
      };
      return { env, offsetMs };
    },
  });
  const adapters = await openAdapters(loadConfig({ ...stores, LOG_LEVEL: 'silent' }));
  const comparesWhileWriting = mongodb === undefined || (await hasAtomicUpdates(mongodb));

  return {
    folder,
    comparesWhileWriting,
    topicPrefix,
    fleet,
    adapters,
    outages,
    appendsTimeOut: logServer !== undefined,
    setStalls(on) {
      if (!on) {
        rmSync(stallsFile, { force: true });
        if (stallsSince !== undefined && longestStallMs > APPEND_WITHIN_MS)
          outages.push({ from: stallsSince, until: Date.now() + longestStallMs });
        stallsSince = undefined;
        return;
      }
      stallsSince = Date.now();
      // Renamed, so that nobody reads half of it.
      const rules = { chance: 0.08, shortestMs: 20, longestMs: longestStallMs };
      writeFileSync(`${stallsFile}.new`, JSON.stringify(rules));
      renameSync(`${stallsFile}.new`, stallsFile);
    },
    stalls() {
      try {
        return readFileSync(`${stallsFile}.log`, 'utf8').split('\n').length - 1;
      } catch (error) {
        // There was none yet.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
        throw error;
      }
    },
    calm() {
      calm = true;
    },
    async close() {
      await adapters.close();
      await database?.close();
    },
  };
}
