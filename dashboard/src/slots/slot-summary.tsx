import { hrefOf } from '../place/parse-place.js';
import { count } from '../show/show-duration.js';
import { countOutcomes, OUTCOMES, type Outcome, type Slot } from './slot-outcomes.js';

interface SlotSummaryProps {
  slots: readonly Slot[];
  graceMs: number;
  path: readonly string[];
  query: Readonly<Record<string, string>>;
  /** Undefined: all of them are shown. */
  outcome: Outcome | undefined;
}

/** How many slots became what; each number leads to them. What must not be comes first. */
export function SlotSummary({ slots, graceMs, path, query, outcome }: SlotSummaryProps) {
  const counts = countOutcomes(slots, graceMs);
  const missing = counts.get('missing') ?? 0;
  const choices = [
    { outcome: undefined, words: 'slots', number: slots.length },
    ...OUTCOMES.map((one) => ({ ...one, number: counts.get(one.outcome) ?? 0 })),
  ];
  return (
    <>
      {missing > 0 && (
        <p class="notice bad" role="alert">
          <strong>
            {count(missing)} {missing === 1 ? 'slot is' : 'slots are'} missing
          </strong>
          : owed and never decided, though later ones are. This must not happen: have an operator{' '}
          <code>verify</code> the log.
        </p>
      )}
      <ul class="counts" aria-label="Slots by outcome">
        {choices.map(({ outcome: of, words, number }) => (
          <li key={words} class={of === 'missing' && number > 0 ? 'bad' : ''}>
            <a
              href={hrefOf(path, { ...query, outcome: of })}
              aria-current={of === outcome ? 'true' : undefined}
            >
              <strong>{count(number)}</strong> {words}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
