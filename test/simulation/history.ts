import type { RunResult } from '../../src/events/job-events.js';
import type { Certification } from '../../src/ports/certification-registry.js';

/** What clients were told and workers did: facts to check the log against. Instants: true time, epoch milliseconds. */
export interface History {
  requests: ClientRequest[];
  checks: PerformedCheck[];
  /** When each term began: the record is in the log. */
  terms: { term: number; holder: string; at: number }[];
  /** When instances sent the decisions that they made as leaders. */
  decisions: { term: number; instance: string; at: number }[];
  /** What was in the registry, one state after another. */
  registry: RegistryState[];
}

export interface RegistryState {
  /** From when on a check may have seen it, and until when: while the next one is written, it may see either. */
  from: number;
  to: number;
  records: readonly Certification[];
}

export interface ClientRequest {
  correlation_id: string;
  cronId: string;
  kind:
    | 'create'
    | 'update'
    | 'enable'
    | 'disable'
    | 'delete'
    | 'trigger'
    | 'dry run'
    | 'cancel'
    | 'restore'
    | 'revert';
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

export function createHistory(certifications: readonly Certification[]): History {
  const registry = [{ from: -Infinity, to: Infinity, records: certifications }];
  return { requests: [], checks: [], terms: [], decisions: [], registry };
}
