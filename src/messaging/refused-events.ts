import { START, type Position, type RecordedEvent } from '../ports/event-log.js';
import type { EventForm } from './cut-data.js';

/**
 * What the topics have refused as too large. A log may hold events that no topic takes, and those behind them must not
 * wait: what was refused together is sent one by one, what was refused alone is sent with less of it.
 */
export interface RefusedEvents {
  /** Whether it must not be sent together with others. */
  isAlone: (event: RecordedEvent) => boolean;
  formOf: (event: RecordedEvent) => EventForm;
  refuse: (events: readonly RecordedEvent[]) => void;
  /** They are published. */
  forget: (events: readonly RecordedEvent[]) => void;
}

/** Characters. A broker that gets more than it reads at once (100 MB) gives no reason: it hangs up. */
const MOST_WHOLE = 8_000_000;

export function createRefusedEvents(): RefusedEvents {
  let aloneUpTo: Position = START;
  const forms = new Map<Position, EventForm>();

  function formOf(event: RecordedEvent): EventForm {
    return forms.get(event.position) ?? (JSON.stringify(event).length > MOST_WHOLE ? 'cut' : 'whole');
  }

  return {
    isAlone: ({ position }) => position <= aloneUpTo,
    formOf,
    refuse(events) {
      const last = events.at(-1);
      if (last === undefined) return;
      if (last.position > aloneUpTo) aloneUpTo = last.position;
      if (events.length === 1) forms.set(last.position, formOf(last) === 'whole' ? 'cut' : 'bare');
    },
    forget(events) {
      for (const { position } of events) forms.delete(position);
    },
  };
}
