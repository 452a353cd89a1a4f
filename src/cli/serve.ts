import { createApp, type App } from '../service/app.js';
import { banner } from '../demo/banner.js';
import { ConfigError, loadConfig, type Config } from '../config/config.js';
import { ListenError } from '../http/server.js';
import { StoreError } from '../ports/store-error.js';

const EXIT_FAILED = 1;
/** As sysexits.h has it: the configuration is wrong, starting again will not help. */
const EXIT_CONFIG = 78;
/** Longer than everything that stopping waits for. */
const STOP_WITHIN_MS = 20_000;

const demoDefaults = { DATA_DIR: './data-demo', LOG_LEVEL: 'warn' };

/**
 * The service as this process: starts it, ends it on SIGTERM and SIGINT, and leaves with an exit code: 0 after a stop, 78
 * when the configuration is wrong, 1 when it cannot start, was not stopped in time, or met a fault that nobody caught.
 */
export async function serve({ demo }: { demo: boolean }): Promise<void> {
  // What nobody has caught is a fault of the program: it ends, and what it has acknowledged is in the log.
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // Whoever reads the output may go: the service stays.
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
  stopOnSignals(app);
  const address = await start(app, demo);
  warnWhenOpenToOthers(app, config);
  let cronId: string | undefined;
  if (demo) cronId = await (await import('../demo/example.js')).createExampleJob(app);
  if (demo || process.stdout.isTTY)
    process.stdout.write(banner({ address, dataDir: config.dataDir, cronId }));
}

async function start(app: App, demo: boolean): Promise<string> {
  if (demo) await (await import('../demo/example.js')).importExample(app.adapters);
  return app.start();
}

function warnWhenOpenToOthers(app: App, { host }: Config): void {
  if (['127.0.0.1', '::1', 'localhost'].includes(host)) return;
  app.adapters.logger.warn(
    { host },
    'anyone who reaches this address may change jobs: no credentials are configured',
  );
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
    Promise.race([app.stop(), late]).then(() => process.exit(0), fail);
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
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED);
}

/** The message says what to do; a stack would only hide it. */
function isExplained(error: Error): boolean {
  return error instanceof ConfigError || error instanceof StoreError || error instanceof ListenError;
}
