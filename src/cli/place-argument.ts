import { InvalidArgumentError } from 'commander';
import { toTimestamp } from '../events/timestamp.js';
import { isPosition } from '../replay/selection.js';
import { INSTANT_FORMS, parseInstant } from './instant-argument.js';

/** Reads a position as the log writes it, or an instant. @returns the position, or a timestamp @throws InvalidArgumentError */
export function placeArgument(given: string): string {
  if (isPosition(given)) return given;
  const instant = parseInstant(given);
  if (instant !== undefined) return toTimestamp(instant);
  throw new InvalidArgumentError(
    `Allowed is a position as history --ids or a manifest shows it, ${INSTANT_FORMS}`,
  );
}
