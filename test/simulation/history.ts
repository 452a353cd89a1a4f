import type { RunResult } from '../../src/events/job-events.js';

/** What clients were told and workers did: facts to check the log against. Instants: true time, epoch milliseconds. */
export interface History {
  requests: ClientRequest[];
  checks: PerformedCheck[];
  /** When each term began: the record is in the log. */
  terms: { term: number; holder: string; at: number }[];
  /** When instances sent the decisions that they made as leaders. */
  decisions: { term: number; instance: string; at: number }[];
}

export interface ClientRequest {
  correlation_id: string;
  cronId: string;
  kind: 'create' | 'update' | 'enable' | 'disable' | 'delete' | 'trigger' | 'dry run';
  /** What an update asks for. */
  changes: Record<string, unknown>;
  /** Unknown: no answer came, or an error that leaves it open. */
  answer: 'acknowledged' | 'refused' | 'unknown';
  /** Ids of the events that the answer named. */
  eventIds: string[];
}

export interface PerformedCheck {
  run_id: string;
  cron_id: string;
  instance: string;
  dry_run: boolean;
  began: number;
  /** Undefined when it was given up, failed, or its process died. */
  result: RunResult | undefined;
}

export function createHistory(): History {
  return { requests: [], checks: [], terms: [], decisions: [] };
}
