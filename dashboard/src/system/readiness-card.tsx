import type { Schemas } from '../api/client.js';
import { usePolled } from '../api/use-polled.js';
import { Badge } from '../show/badge.js';
import { LoadState } from '../show/load-state.js';
import { loadReadiness } from './load-readiness.js';

const DEPENDENCIES = [
  ['event_log', 'Event log', 'Nothing can be changed, and no run starts or ends.'],
  ['read_store', 'Read models', 'Lists cannot be read, or show what was.'],
  ['registry', 'Certifications', 'Runs fail: nobody can be checked.'],
  ['message_bus', 'Message bus', 'Events, runs and results wait until it is back.'],
] as const;
const PHASES = {
  starting: 'The service is starting: it takes no requests yet.',
  stopping: 'The service is stopping: this instance takes no new work.',
} as const;

/** Whether the instance that answers is ready, and what it works on. */
export function ReadinessCard() {
  const readiness = usePolled('readiness', loadReadiness, () => false);
  return (
    <section class="card" aria-labelledby="readiness">
      <h2 id="readiness">This instance</h2>
      <LoadState of={readiness}>{(value) => <ReadinessFacts of={value} />}</LoadState>
    </section>
  );
}

function ReadinessFacts({ of: { status, role, dependencies } }: { of: Schemas['Readiness'] }) {
  return (
    <>
      <div role="status">
        {status !== 'ready' && <p class="notice">{PHASES[status]}</p>}
        {DEPENDENCIES.filter(([name]) => dependencies[name].status !== 'ok').map(([name, title, meaning]) => (
          <p key={name} class="notice bad">
            <strong>{title}: down.</strong> {meaning}
          </p>
        ))}
      </div>
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <Badge of={status} tone={status === 'ready' ? 'good' : 'busy'} /> as {role}
        </dd>
        {DEPENDENCIES.map(([name, title]) => {
          const { adapter, status: state } = dependencies[name];
          return [
            <dt key={name}>{title}</dt>,
            <dd key={`${name} is`}>
              <Badge of={state} tone={state === 'ok' ? 'good' : 'bad'} /> {adapter}
            </dd>,
          ];
        })}
      </dl>
    </>
  );
}
