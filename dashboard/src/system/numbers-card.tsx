import type { ComponentChildren } from 'preact';
import { answerOf, api } from '../api/client.js';
import { may } from '../api/session.js';
import { usePolled } from '../api/use-polled.js';
import { hrefOf } from '../place/parse-place.js';
import { Instant } from '../show/instant.js';
import { LoadState } from '../show/load-state.js';
import { count, duration } from '../show/show-duration.js';
import { parseMetrics } from './parse-metrics.js';
import { serviceNumbers, type Named, type ServiceNumbers } from './service-numbers.js';

/** The clocks of instances are never quite the same: less is not worth a colour. */
const CLOCK_OFF_S = 1;
/** A follower of the log is a moment behind while something happens. */
const LAG_S = 10;

/** What the instance that answers measures. */
export function NumbersCard() {
  const numbers = usePolled('metrics', loadNumbers, ({ type }) => type.startsWith('Run'));
  return (
    <section class="card" aria-labelledby="numbers">
      <h2 id="numbers">Measured by this instance</h2>
      <LoadState of={numbers}>{(value) => <Numbers of={value} />}</LoadState>
    </section>
  );
}

async function loadNumbers(signal: AbortSignal): Promise<ServiceNumbers> {
  return serviceNumbers(parseMetrics(await answerOf(api.GET('/metrics', { parseAs: 'text', signal }))));
}

function Numbers({ of }: { of: ServiceNumbers }) {
  const { lags, records, refused, clockOffSeconds: off, instancesWithOtherSettings: others } = of;
  const changed = of.registryChangedAt;
  return (
    <dl class="numbers">
      <Fact title="Runs in progress">
        {of.runsInProgress === undefined ? (
          '–'
        ) : (
          <a href={hrefOf(['jobs'], { last_run_status: 'running' })}>{count(of.runsInProgress)}</a>
        )}
      </Fact>
      <Fact title="Lag of the read models" isBad={lags.some(({ value }) => value > LAG_S)}>
        {lagWords(lags)}
      </Fact>
      <Fact title="Instances" isBad={(others ?? 0) > 0}>
        {shown(of.instances)},{' '}
        {others ? `of which ${count(others)} with other settings` : 'all with the same settings'}
      </Fact>
      <Fact title="Clock off by" isBad={Math.abs(off ?? 0) >= CLOCK_OFF_S}>
        {off === undefined ? '–' : `${off < 0 ? '−' : ''}${seconds(Math.abs(off))}`}
      </Fact>
      <Fact title="Certifications">
        {records.length === 0
          ? 'not known now'
          : records.map(({ name, value }, at) => (
              <span key={name}>
                {at > 0 && ', '}
                {may('people') ? (
                  <a href={hrefOf(['expiring'], { status: name })}>{count(value)}</a>
                ) : (
                  count(value)
                )}{' '}
                {name}
              </span>
            ))}
      </Fact>
      <Fact title="Certifications last written">
        <Instant
          at={changed === undefined ? null : new Date(changed).toISOString()}
          none="never, or not known now"
        />
      </Fact>
      <Fact title="Jobs settled ahead" isBad={(of.jobsSettledAhead ?? 0) > 0}>
        {of.jobsSettledAhead ? (
          <a href={hrefOf(['jobs'], { has_warnings: 'true' })}>{shown(of.jobsSettledAhead)}</a>
        ) : (
          shown(of.jobsSettledAhead)
        )}
      </Fact>
      <Fact title="File of API keys" isBad={(of.keysStaleSeconds ?? 0) > 0}>
        {of.keysStaleSeconds ? `cannot be used for ${seconds(of.keysStaleSeconds)}` : 'as it should be'}
      </Fact>
      <Fact title="Refused requests">{refused.length === 0 ? 'none' : listed(refused, count)}</Fact>
      <Fact title="Log lines dropped" isBad={(of.logLinesDropped ?? 0) > 0}>
        {shown(of.logLinesDropped)}
      </Fact>
      <Fact title="Version">{of.version ?? '–'}</Fact>
      <Fact title="Node.js">{of.node ?? '–'}</Fact>
    </dl>
  );
}

interface FactProps {
  title: string;
  isBad?: boolean;
  children: ComponentChildren;
}

function Fact({ title, isBad = false, children }: FactProps) {
  return (
    <div class={isBad ? 'bad' : ''}>
      <dt>{title}</dt>
      <dd>
        {children}
        {isBad && <span class="hidden"> (look at this)</span>}
      </dd>
    </div>
  );
}

function shown(number: number | undefined): string {
  return number === undefined ? '–' : count(number);
}

/** Only the leader brings up the read models, and tells how far behind the log they are. */
function lagWords(lags: readonly Named[]): string {
  if (lags.length === 0) return 'told by the leader';
  return lags.every(({ value }) => value === 0) ? 'none: at the end of the log' : listed(lags, seconds);
}

function seconds(value: number): string {
  return duration(value * 1_000);
}

function listed(named: readonly Named[], show: (value: number) => string): string {
  return named.map(({ name, value }) => `${name.replaceAll('_', ' ')} ${show(value)}`).join(', ');
}
