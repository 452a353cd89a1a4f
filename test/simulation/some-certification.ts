import type { Certification } from '../../src/ports/certification-registry.js';
import type { Dice } from './dice.js';

const TYPES = ['first aid', 'safeguarding', null];
const LABELS = [[], ['north'], ['north', 'volunteer']];

/** A record of one of five mentors. */
export function someCertification(dice: Dice, certification_id: string, expires_at: string): Certification {
  return {
    certification_id,
    mentor_id: `mentor-${Math.floor(dice.random() * 5)}`,
    expires_at,
    type: dice.oneOf(TYPES),
    labels: dice.oneOf(LABELS),
    status: 'active',
    renewable_from: null,
  };
}
