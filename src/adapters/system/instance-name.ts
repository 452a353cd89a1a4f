import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** A name unique to this process for all time: host names and process ids recur after a restart. */
export function instanceName(): string {
  return `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
}
