import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import { StoreError } from '../../ports/store-error.js';

export interface SparingLogger extends Logger {
  /** Tells what has been left out; from then on each line is written. */
  end(): void;
}

/** How often what was left out is told; a kind that is quiet for so long is over. */
const INTERVAL_MS = 10_000;
/** Lines of a kind that are written in an interval. */
const LINES_AN_INTERVAL = 5;
/** Error texts may hold anything: more different ones under one message share a kind. */
const ERRORS_A_MESSAGE = 5;
const ERROR_CHARACTERS = 200;

interface Kind {
  level: 'warn' | 'error';
  message: string;
  error: string | undefined;
  /** A state is told once, anything else anew in each interval. */
  isState: boolean;
  /** Lines that are still written. */
  left: number;
  seen: number;
  leftOut: number;
  leftOutInAll: number;
}

/**
 * A store that is down fails each request, job and run, and each would write its stack: at 200 a second 1.6 GB an hour. WARN
 * and ERROR lines with one message and one error are of a kind. Of an error of a store, which is a state, the first line
 * is written; of any other kind the first few of an interval. The rest is counted, and the count is told.
 */
export function createSparingLogger(logger: Logger, clock: Clock): SparingLogger {
  const kinds = new Map<string, Kind>();
  const ended = new AbortController();
  let watching = false;

  function kindOf(level: Kind['level'], fields: object, message: string): Kind {
    const err = 'err' in fields ? fields.err : undefined;
    const error = err instanceof Error ? `${err.name}: ${err.message}`.slice(0, ERROR_CHARACTERS) : undefined;
    const known = kinds.get(keyOf(level, message, error));
    if (known !== undefined) return known;
    const others = [...kinds.values()].filter((kind) => kind.message === message).length;
    const shown = others < ERRORS_A_MESSAGE ? error : undefined;
    const key = keyOf(level, message, shown);
    const isState = err instanceof StoreError;
    const left = isState ? 1 : LINES_AN_INTERVAL;
    const counts = { left, seen: 0, leftOut: 0, leftOutInAll: 0 };
    const kind = kinds.get(key) ?? { level, message, error: shown, isState, ...counts };
    kinds.set(key, kind);
    return kind;
  }

  function tellLeftOut(key: string, kind: Kind): void {
    const { level, message, error, seen, leftOut } = kind;
    kind.leftOutInAll += leftOut;
    const about = { of: message, error, left_out: leftOut, left_out_in_all: kind.leftOutInAll };
    if (leftOut > 0) logger[level](about, 'more lines of this kind were left out');
    if (seen > 0) return;
    kinds.delete(key);
    if (kind.leftOutInAll > 0) logger.info(about, 'no more lines of this kind');
  }

  async function watch(): Promise<void> {
    watching = true;
    while (kinds.size > 0 && !ended.signal.aborted) {
      await clock.sleep(INTERVAL_MS, ended.signal);
      for (const [key, kind] of kinds) {
        tellLeftOut(key, kind);
        if (!kind.isState) kind.left = LINES_AN_INTERVAL;
        kind.seen = 0;
        kind.leftOut = 0;
      }
    }
    watching = false;
  }

  function write(level: Kind['level'], fields: object, message: string): void {
    // A line without an error tells of one thing, such as a message that is passed over: none like it tells of that one.
    if (ended.signal.aborted || !('err' in fields)) {
      logger[level](fields, message);
      return;
    }
    const kind = kindOf(level, fields, message);
    kind.seen += 1;
    if (kind.left > 0) {
      kind.left -= 1;
      logger[level](fields, message);
    } else kind.leftOut += 1;
    if (!watching) void watch();
  }

  return {
    debug: (fields, message) => {
      logger.debug(fields, message);
    },
    info: (fields, message) => {
      logger.info(fields, message);
    },
    warn: (fields, message) => {
      write('warn', fields, message);
    },
    error: (fields, message) => {
      write('error', fields, message);
    },
    dropped: () => logger.dropped?.() ?? 0,
    end() {
      ended.abort();
      for (const [key, kind] of kinds) tellLeftOut(key, kind);
      kinds.clear();
    },
  };
}

function keyOf(level: string, message: string, error: string | undefined): string {
  return JSON.stringify([level, message, error]);
}
