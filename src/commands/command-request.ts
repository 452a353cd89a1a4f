import type { JobCommand } from '../job/decide.js';
import type { Cause } from './stamp.js';

export interface CommandRequest {
  cronId: string;
  command: JobCommand;
  cause: Cause;
}
