import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { askWhoIAm, may, session } from './api/session.js';
import { ExpiringView } from './expiring/expiring-view.js';
import { JobView } from './job/job-view.js';
import { JobFormView } from './jobs/job-form-view.js';
import { JobsView } from './jobs/jobs-view.js';
import { goLive } from './live/live.js';
import { LiveBadge } from './live/live-badge.js';
import type { Place } from './place/parse-place.js';
import { hrefOf } from './place/parse-place.js';
import { place } from './place/place.js';
import { SignIn } from './sign-in.js';
import { Viewer } from './viewer.js';
import { SystemView } from './system/system-view.js';

const VIEWS = [
  { name: 'jobs', title: 'Jobs' },
  { name: 'expiring', title: 'Expiring' },
  { name: 'system', title: 'System' },
];

export function App() {
  const main = useRef<HTMLElement>(null);
  const { kind } = session.value;
  useEffect(() => void askWhoIAm(), []);
  // The events name nobody, but whoever may only read what names mentors may not follow them.
  const mayFollow = may('read');
  useEffect(() => (mayFollow ? goLive() : undefined), [mayFollow]);
  const [shown = 'jobs'] = place.value.path;
  const title = VIEWS.find(({ name }) => name === shown)?.title ?? 'Nothing here';
  const isFirst = useRef(true);
  const where = place.value.path.join('/');
  useLayoutEffect(() => {
    document.title = `${title} · certification-cron`;
    // Whoever reads by ear or key goes on where the new view begins; the first one begins at the top of the page.
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [where]);

  return (
    <>
      <a class="skip" href="#main" onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href={hrefOf(['jobs'])}>
          certification-cron
        </a>
        <nav aria-label="Views">
          {VIEWS.map(({ name, title: called }) => (
            <a key={name} href={hrefOf([name])} aria-current={shown === name ? 'page' : undefined}>
              {called}
            </a>
          ))}
        </nav>
        <LiveBadge />
        <Viewer />
      </header>
      <main ref={main} tabIndex={-1}>
        {kind === 'unknown' ? (
          <SignIn problem={session.value.problem} />
        ) : (
          kind === 'known' && <View at={place.value} />
        )}
      </main>
    </>
  );
}

function View({ at: { path } }: { at: Place }) {
  const [view = 'jobs', id] = path;
  if (view === 'jobs' && id !== undefined && id !== 'new') return <JobView key={id} id={id} />;
  if (view === 'jobs') return id === 'new' ? <JobFormView /> : <JobsView />;
  if (view === 'expiring') return <ExpiringView />;
  if (view === 'system') return <SystemView />;
  return (
    <p>
      There is nothing at this address. <a href={hrefOf(['jobs'])}>All jobs</a>
    </p>
  );
}

/** The address is taken: it says what is shown. */
function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}
