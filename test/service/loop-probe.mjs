/**
 * Loaded before the service (NODE_OPTIONS=--import): measures for how long its event loop stands still. At each SIGUSR2
 * writes the longest such times since the last one, milliseconds, into the file LOOP_PROBE.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers';

const file = process.env.LOOP_PROBE;
const EVERY_MS = 1;
let asked = 0;
/** By the clock; and by the time that this process had the processor, which other processes do not prolong. */
let [longestMs, busyMs] = [0, 0];
let [wall, cpu] = [performance.now(), cpuMs()];

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

setInterval(() => {
  const [nowWall, nowCpu] = [performance.now(), cpuMs()];
  const stoodMs = nowWall - wall - EVERY_MS;
  longestMs = Math.max(longestMs, stoodMs);
  busyMs = Math.max(busyMs, Math.min(stoodMs, nowCpu - cpu));
  [wall, cpu] = [nowWall, nowCpu];
}, EVERY_MS).unref();

process.on('SIGUSR2', () => {
  asked++;
  writeFileSync(`${file}.new`, JSON.stringify({ asked, longestMs, busyMs }));
  renameSync(`${file}.new`, file);
  [longestMs, busyMs] = [0, 0];
});
