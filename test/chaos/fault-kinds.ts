import { faults, type FaultWorld } from './faults.js';
import { logFaults } from './log-faults.js';

export type FaultKind = keyof typeof faults | keyof typeof logFaults;

export const faultKinds: Record<FaultKind, (world: FaultWorld) => Promise<void>> = {
  ...faults,
  ...logFaults,
};

/** What may happen to instances, and to the log where that is the stand-in. */
export function kindsWith(standIn: object | undefined): FaultKind[] {
  const ofLog = standIn === undefined ? [] : Object.keys(logFaults);
  return [...Object.keys(faults), ...ofLog] as FaultKind[];
}
