import type { Comparison, Difference } from './compare-servers.js';
import type { Group } from './operation.js';

const GROUPS: Record<Group, string> = {
  used: 'as the service uses the log',
  deleted: 'on streams that are deleted',
};

/** A report to be read, and repeated by its seed; the last line says it all. */
export function comparisonLines(
  { performed, differences, notKnown }: Comparison,
  { operations, seed }: { operations: number; seed: number },
): string[] {
  const done = performed.used + performed.deleted;
  const groups = (['used', 'deleted'] as const).map((group) => {
    const apart = differences.filter((each) => each.group === group).length;
    return `${GROUPS[group]}: ${performed[group]} operations, ${count(apart)}`;
  });
  const asked = done < operations ? `${done} of ${operations}` : String(done);
  const where = differences.length === 0 ? '' : ', above';
  return [
    ...differences.flatMap(differenceLines),
    ...groups,
    `not known to the stand-in: ${notKnown.length}`,
    `${asked} operations (seed ${seed}): ${count(differences.length)}${where}`,
  ];
}

const count = (differences: number): string =>
  differences === 0 ? 'no difference' : `${differences} difference${differences === 1 ? '' : 's'}`;

function differenceLines(
  { group, operation, standIn, server, history }: Difference,
  index: number,
): string[] {
  return [
    `${index + 1}. ${operation} (${GROUPS[group]})`,
    `   stand-in: ${standIn}`,
    `   server:   ${server}`,
    ...(history.length === 0 ? [] : ['   before it:', ...history.map((line) => `     ${line}`)]),
    '',
  ];
}
