import { violationLines } from '../summary.js';
import { percentile } from '../takeovers.js';
import type { BrokerChaos } from './run-broker-chaos.js';

/** What happened, in lines. */
export function brokerSummary(chaos: BrokerChaos): string[] {
  const { kills, publishingMs, runMs, counts, violations } = chaos;
  const whole = kills.filter((kill) => kill.whole !== undefined);
  const worst = kills.map(({ victim }, index) => ({ victim, ms: publishingMs[index] ?? 0 }));
  worst.sort((a, b) => b.ms - a.ms);
  return [
    `${kills.length} kills: back ${spread(kills.map(({ at, back }) => back - at))}; in ${whole.length} ` +
      `all replicas were there again before the next one`,
    `after a kill an event waited to be published for at most ${spread(publishingMs)}`,
    ...worst.slice(0, 3).map(({ victim, ms }) => `  ${ms} ms after ${victim}`),
    `and a run of the own workers took at most ${spread(runMs)}`,
    `well again ${Math.round(chaos.wellAfterMs)} ms after the last broker was back`,
    `a worker came or went ${chaos.workerMoves} times`,
    `${counts.events} events, ${counts.slots} slots, ${counts.runs} runs, ${counts.reminders} reminders, ` +
      `${counts.terms} terms, ${counts.repeated} messages repeated`,
    `${chaos.certifications} records of certifications, ${chaos.results} results, ` +
      `${chaos.handedOutAgain} runs handed to the external executor again`,
    `timed out: ${chaos.timedOut[0]} runs of the own workers, ${chaos.timedOut[1]} of the external executor`,
    violations.length === 0
      ? '0 violations'
      : `${violations.length} VIOLATIONS, everything is in ${chaos.folders.join(' and ')}:`,
    ...violationLines(violations),
  ];
}

function spread(values: readonly number[]): string {
  const at = (share: number): number => Math.round(percentile(values, share) ?? 0);
  return `p50 ${at(0.5)} ms, max ${at(1)} ms`;
}
