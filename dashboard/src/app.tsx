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
import { Title } from './show/title.js';
import { SignIn, SignInAgain } from './sign-in.js';
import { ViewBoundary } from './view-boundary.js';
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
  const mayFollow = kind === 'known' && may('read');
  useEffect(() => (mayFollow ? goLive() : undefined), [mayFollow]);
  const [shown = 'jobs'] = place.value.path;
  const isKnown = kind === 'known' || kind === 'expired';
  const isFirst = useRef(true);
  const where = place.value.path.join('/');
  useLayoutEffect(() => {
    // The first view begins at the top of the page, and whoever goes through tabs stays there.
    if (!isFirst.current && !document.activeElement?.closest('.tabs')) {
      main.current?.focus();
      scrollTo(0, 0);
    }
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
        {isKnown && <LiveBadge />}
        <Viewer />
      </header>
      <main ref={main} tabIndex={-1}>
        {session.value.kind === 'unknown' && <SignIn problem={session.value.problem} />}
        {isKnown && (
          <ViewBoundary at={place.value}>
            <View at={place.value} />
          </ViewBoundary>
        )}
        {session.value.kind === 'expired' && <SignInAgain problem={session.value.problem} />}
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
    <>
      <Title of={['Nothing here']} />
      <h1>Nothing here</h1>
      <p>
        There is nothing at this address. <a href={hrefOf(['jobs'])}>All jobs</a>
      </p>
    </>
  );
}

/** The address is taken: it says what is shown. */
function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}
