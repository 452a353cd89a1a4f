import type { Chaos } from './run-chaos.js';
import { percentile, type Takeover, type TakeoverKind } from './takeovers.js';

const TOLD_OF_EACH = 4;
const LONGEST_TEXT = 400;
const GOAL_LEASES = 1.5;

/** What happened, in lines. */
export function summary(
  { counts, takeovers, sent, violations, folder }: Chaos,
  { rounds, leaseMs, again }: { rounds: number; leaseMs: number; again: string },
): string[] {
  const kinds = [...new Set(takeovers.map(({ kind }) => kind))];
  const { kills, pauses, stalls, restarts, outages, endedSubscriptions } = counts;
  return [
    `${rounds} rounds: ${kills} kills, ${pauses} pauses, ${stalls} stalls, ${restarts} rolling restarts of one instance`,
    ...(outages + endedSubscriptions > 0
      ? [
          `${outages} outages of the log, ${endedSubscriptions} subscriptions ended as those of slow consumers`,
        ]
      : []),
    ...kinds.flatMap((kind) => takeoverLines(kind, takeovers, leaseMs)),
    `${counts.slots} slots, ${counts.runs} runs, ${counts.reminders} reminders, ${counts.events} events, ` +
      `${counts.terms} terms, ${counts.stale} decisions appended after the next leader had begun, ` +
      `${counts.repeated} messages repeated in Kafka`,
    ...requestLines(sent),
    violations.length === 0 ? '0 violations' : `${violations.length} VIOLATIONS, everything is in ${folder}:`,
    ...violationLines(violations),
    `again: ${again}`,
  ];
}

/** How often each promise was broken, with the first cases. */
export function violationLines(violations: Chaos['violations']): string[] {
  const promises = [...new Set(violations.map(({ promise }) => promise))];
  return promises.flatMap((promise) => {
    const own = violations.filter((violation) => violation.promise === promise);
    const told = own.slice(0, TOLD_OF_EACH).map(({ cronId = '', text }) => `    ${cronId} ${text}`);
    return [`  ${own.length} times not: ${promise}`, ...told.map((line) => line.slice(0, LONGEST_TEXT))];
  });
}

function takeoverLines(kind: TakeoverKind, takeovers: readonly Takeover[], leaseMs: number): string[] {
  const own = takeovers.filter((takeover) => takeover.kind === kind);
  const decisions = own.filter(({ behindMs }) => behindMs === 0);
  const behind = own.filter(({ behindMs }) => behindMs > 0);
  const lines = [
    `after a ${kind}: lease taken ${distribution(own, 'leaseMs', leaseMs)}`,
    `after a ${kind}: first scheduled decision ${distribution(decisions, 'decisionMs', leaseMs)}`,
  ];
  if (behind.length > 0)
    lines.push(
      `after a ${kind}, the new leader's clock behind: ${distribution(behind, 'decisionMs', leaseMs)}`,
    );
  const p99 = percentile(values(decisions, 'decisionMs'), 0.99);
  if (kind === 'kill' && p99 !== undefined)
    lines.push(
      `the goal, p99 of a single kill within ${GOAL_LEASES} leases, is ${p99 <= GOAL_LEASES * leaseMs ? 'met' : 'MISSED'}`,
    );
  return lines;
}

function values(takeovers: readonly Takeover[], field: 'leaseMs' | 'decisionMs'): number[] {
  return takeovers.map((takeover) => takeover[field]).filter((ms) => ms !== undefined);
}

function distribution(
  takeovers: readonly Takeover[],
  field: 'leaseMs' | 'decisionMs',
  leaseMs: number,
): string {
  const found = values(takeovers, field);
  if (found.length === 0) return `not seen, ${takeovers.length} times`;
  const shown = [0.5, 0.99, 1].map((share) => {
    const ms = percentile(found, share) ?? NaN;
    return `${share === 1 ? 'max' : `p${share * 100}`} ${Math.round(ms)} ms (${(ms / leaseMs).toFixed(2)} leases)`;
  });
  const unseen = takeovers.length - found.length;
  return `${found.length} times${unseen > 0 ? `, ${unseen} not seen` : ''}: ${shown.join(', ')}`;
}

function requestLines(sent: Chaos['sent']): string[] {
  const failed = sent.filter(({ failure }) => failure !== undefined);
  const whileUp = failed.filter(({ anyUp }) => anyUp);
  return [
    `${sent.length} requests, ${failed.length} failed, ${whileUp.length} of them while an instance was up${reasons(whileUp)}`,
    ...(failed.length > whileUp.length
      ? [
          `failed while none was up: ${failed.length - whileUp.length}${reasons(failed.filter(({ anyUp }) => !anyUp))}`,
        ]
      : []),
  ];
}

function reasons(failed: Chaos['sent']): string {
  const counts = new Map<string, number>();
  for (const { failure = '' } of failed) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  const shown = [...counts].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${count} ${reason}`);
  return shown.length === 0 ? '' : `: ${shown.join(', ')}`;
}
