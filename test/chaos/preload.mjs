/**
 * Loaded before the service (NODE_OPTIONS=--import): shifts its wall clock by CHAOS_CLOCK_OFFSET_MS, and stalls it
 * between a decision and its append to the log, as the file CHAOS_STALLS says at that time; without the file, never.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

const { CHAOS_CLOCK_OFFSET_MS = '0', CHAOS_STALLS = '', EVENTSTORE_URL } = process.env;
const offset = Number(CHAOS_CLOCK_OFFSET_MS);
const trueNow = Date.now.bind(Date);
Date.now = () => trueNow() + offset;

const sleeper = new Int32Array(new SharedArrayBuffer(4));
let busyUntil = 0;
let nextStallFrom = 0;
/** Time to take the answers to calls after a standstill: or one after the other would outlast the deadline of a call. */
const BREATH_MS = 1_000;

if (EVENTSTORE_URL === undefined) await stallSqlite();
else await stallEventStore();

async function stallSqlite() {
  // As src/adapters/sqlite/driver.ts chooses: it must be the same module.
  const driver = Number(process.versions.napi) >= 10 ? 'better-sqlite3' : 'better-sqlite3-node20';
  const { default: Database } = await import(driver);
  const { exec } = Database.prototype;
  Database.prototype.exec = function (sql) {
    if (sql === 'BEGIN IMMEDIATE' && this.name.endsWith('log.db') && stall(0) > 0)
      throw new Database.SqliteError('database is locked (by the chaos suite)', 'SQLITE_BUSY');
    return exec.call(this, sql);
  };
}

async function stallEventStore() {
  const { EventStoreDBClient } = await import('@eventstore/db-client');
  const { appendToStream } = EventStoreDBClient.prototype;
  EventStoreDBClient.prototype.appendToStream = async function (...append) {
    const ms = stall(BREATH_MS);
    if (ms > 0) await pause(ms);
    return appendToStream.apply(this, append);
  };
}

/**
 * @param breathMs how long after a standstill the next stall may come
 * @returns for how many milliseconds the append has to wait, 0 if not at all
 */
function stall(breathMs) {
  const rules = readRules();
  const mayBegin = performance.now() >= Math.max(busyUntil, nextStallFrom);
  if (rules !== undefined && mayBegin && Math.random() < rules.chance) {
    const { shortestMs, longestMs } = rules;
    const ms = Math.round(shortestMs * (longestMs / shortestMs) ** Math.random());
    const kind = Math.random() < 0.5 ? 'block' : 'busy';
    appendFileSync(`${CHAOS_STALLS}.log`, `${kind} ${ms}\n`);
    // The whole process stands still, as under SIGSTOP at this very place; or only the append waits.
    if (kind === 'block') {
      Atomics.wait(sleeper, 0, 0, ms);
      nextStallFrom = performance.now() + breathMs;
    } else busyUntil = performance.now() + ms;
  }
  return Math.max(0, busyUntil - performance.now());
}

function readRules() {
  try {
    return JSON.parse(readFileSync(CHAOS_STALLS, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
