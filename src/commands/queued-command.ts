import type { CommandRequest } from './command-request.js';
import type { HandledResult } from './handled.js';

/** A command in the mailbox of its job. */
export interface QueuedCommand {
  request: CommandRequest;
  /** Called right before each append; throws when it is no longer allowed. */
  assertMayAppend: () => void;
  /** Whether others that were sent with it wait for it. */
  isOfMany: boolean;
  /** Until when it is decided again while other processes are quicker, monotonic milliseconds. */
  patientUntil: number;
  /** How often another process was quicker. */
  conflicts: number;
  resolve: (result: HandledResult) => void;
  /** For an append that failed. */
  reject: (error: unknown) => void;
}
