/**
 * Loaded before the service (NODE_OPTIONS=--import): shifts its wall clock by CHAOS_CLOCK_OFFSET_MS, and stalls it
 * between a decision and its append to the log, as the file CHAOS_STALLS says at that time; without the file, never.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const { CHAOS_CLOCK_OFFSET_MS = '0', CHAOS_STALLS = '' } = process.env;
const offset = Number(CHAOS_CLOCK_OFFSET_MS);
const trueNow = Date.now.bind(Date);
Date.now = () => trueNow() + offset;

// As src/adapters/sqlite/driver.ts chooses: it must be the same module.
const driver = Number(process.versions.napi) >= 10 ? 'better-sqlite3' : 'better-sqlite3-node20';
const { default: Database } = await import(driver);
const { exec } = Database.prototype;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
let busyUntil = 0;

Database.prototype.exec = function (sql) {
  if (sql === 'BEGIN IMMEDIATE' && this.name.endsWith('log.db')) stall();
  return exec.call(this, sql);
};

function stall() {
  const rules = readRules();
  if (rules !== undefined && performance.now() >= busyUntil && Math.random() < rules.chance) {
    const { shortestMs, longestMs } = rules;
    const ms = Math.round(shortestMs * (longestMs / shortestMs) ** Math.random());
    const kind = Math.random() < 0.5 ? 'block' : 'busy';
    appendFileSync(`${CHAOS_STALLS}.log`, `${kind} ${ms}\n`);
    // The whole process stands still, as under SIGSTOP at this very place; or only the append waits.
    if (kind === 'block') Atomics.wait(sleeper, 0, 0, ms);
    else busyUntil = performance.now() + ms;
  }
  if (performance.now() < busyUntil)
    throw new Database.SqliteError('database is locked (by the chaos suite)', 'SQLITE_BUSY');
}

function readRules() {
  try {
    return JSON.parse(readFileSync(CHAOS_STALLS, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
