import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** Names this process as no other is, was or will be: hosts and process ids come again after a restart. */
export function instanceName(): string {
  return `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
}
