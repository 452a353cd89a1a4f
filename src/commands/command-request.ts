import type { JobCommand } from '../job/job-command.js';
import type { RequestKey } from '../job/accept-request.js';
import type { Condition } from '../job/condition.js';
import type { Cause } from './stamp.js';

export interface CommandRequest {
  cronId: string;
  command: JobCommand;
  cause: Cause;
  /** Of a request that its sender may repeat: carried out once. */
  key?: RequestKey;
  /** The command is refused where it does not hold. */
  condition?: Condition;
}
