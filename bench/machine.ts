import os from 'node:os';

/** What the figures were measured on: Node's version, cores, processor. */
export function describeMachine(): string {
  const cpus = os.cpus();
  return `Node ${process.version}; ${cpus.length} cores, ${cpus[0]?.model ?? 'unknown processor'}`;
}
