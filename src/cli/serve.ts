import { createApp, type App } from '../service/app.js';
import { adapterNames, outputTaken } from '../service/open-adapters.js';
import { isOpenToOthers } from '../service/refuse-open-port.js';
import { banner } from '../demo/banner.js';
import { ConfigError, loadConfig, type Config } from '../config/config.js';
import { ListenError } from '../http/server.js';
import { StoreError } from '../ports/store-error.js';

const EXIT_FAILED = 1;
/** EX_CONFIG of sysexits.h: the configuration is wrong, a restart will not help. */
const EXIT_CONFIG = 78;
/** Longer than everything that stopping waits for. */
const STOP_WITHIN_MS = 20_000;

const demoDefaults = { DATA_DIR: './data-demo', LOG_LEVEL: 'warn' };

/**
 * Runs the service in this process: starts it, stops it on SIGTERM and SIGINT, and exits with 0 after a stop, 78 when
 * the configuration is wrong, 1 when it cannot start, does not stop in time, loses the file of a store, or hits an uncaught
 * error.
 */
export async function serve({ demo }: { demo: boolean }): Promise<void> {
  // An uncaught error is a bug: the process exits, and everything it has acknowledged is in the log.
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // The reader of the output may go away: the service stays up.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    await run(demo);
  } catch (error) {
    fail(error);
  }
}

async function run(demo: boolean): Promise<void> {
  const config = loadConfig(demo ? { ...demoDefaults, ...process.env } : process.env);
  const app = await createApp(config);
  endWhenLost(app);
  stopOnSignals(app);
  const address = await start(app, demo);
  warnWhenOpenToOthers(app, config);
  const example = demo ? await (await import('../demo/example.js')).createExampleJob(app) : undefined;
  if (demo || process.stdout.isTTY)
    process.stdout.write(
      banner({ address, dataDir: config.dataDir, adapters: adapterNames(config), example }),
    );
}

async function start(app: App, demo: boolean): Promise<string> {
  if (demo) await (await import('../demo/example.js')).importExample(app.adapters);
  return app.start();
}

function warnWhenOpenToOthers(app: App, { host, credentials }: Config): void {
  if (!isOpenToOthers({ host })) return;
  app.adapters.logger.warn(
    { host },
    credentials === undefined
      ? 'anyone who reaches this address may change jobs: no credentials are configured'
      : 'credentials come to this address unencrypted unless a proxy in front of it does TLS',
  );
}

/** At once, without an orderly stop: whatever that would write would be lost as well. */
function endWhenLost({ adapters: { lost, logger } }: App): void {
  const end = (): void => {
    logger.error({ err: lost.reason as unknown }, 'a file of the service is gone: the process ends');
    fail(lost.reason);
  };
  if (lost.aborted) end();
  lost.addEventListener('abort', end);
}

function stopOnSignals(app: App): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    app.adapters.logger.info({ signal }, 'stopping');
    const late = app.adapters.clock.sleep(STOP_WITHIN_MS).then(() => {
      throw new Error(`not stopped within ${STOP_WITHIN_MS} ms`);
    });
    Promise.race([app.stop(), late]).then(() => exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(error: unknown): void {
  const text =
    error instanceof Error
      ? isExplained(error)
        ? error.message
        : (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`certification-cron: ${text}\n`);
  exit(error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED);
}

/** The last lines are the ones that explain the end; but a reader that stands still must not keep the process. */
function exit(code: number): void {
  if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit(code);
  const end = (): void => process.exit(code);
  outputTaken().then(end, end);
}

/** The message says what to do; a stack would only hide it. */
function isExplained(error: Error): boolean {
  return error instanceof ConfigError || error instanceof StoreError || error instanceof ListenError;
}
