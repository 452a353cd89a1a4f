/** A progress line on stderr; stdout is for results. */
export function say(line: string): void {
  process.stderr.write(`servers: ${line}\n`);
}

/** Says what begins and how long it took; a failure is left to the caller. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  say(`${what} ...`);
  const result = await work();
  say(`${what}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
