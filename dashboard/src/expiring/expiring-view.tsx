import { may } from '../api/session.js';
import { place } from '../place/place.js';
import { Tabs } from '../show/tabs.js';
import { Title } from '../show/title.js';
import { CertificationView } from './certification-view.js';
import { ForecastTab } from './forecast-tab.js';
import { PeopleNeeded } from './people-needed.js';
import { RecordsTab } from './records-tab.js';
import { RemindedTab } from './reminded-tab.js';

const TABS = [
  ['records', 'Records'],
  ['forecast', 'Who will be reminded'],
  ['reminded', 'Who was reminded'],
] as const;

/** What expires, whom runs remind of it, and why not. All of it names people. */
export function ExpiringView() {
  const [, tab = 'records', id] = place.value.path;
  return (
    <>
      <Title of={[tab === 'certification' ? id : TABS.find(([name]) => name === tab)?.[1], 'Expiring']} />
      <h1>Expiring</h1>
      {may('people') ? (
        <>
          <Tabs
            label="Of what expires"
            path={['expiring']}
            tabs={TABS}
            shown={tab === 'certification' ? 'records' : tab}
          />
          {tab === 'forecast' && <ForecastTab />}
          {tab === 'reminded' && <RemindedTab />}
          {tab === 'certification' && id !== undefined && <CertificationView key={id} id={id} />}
          {!['forecast', 'reminded'].includes(tab) && id === undefined && <RecordsTab />}
        </>
      ) : (
        <PeopleNeeded />
      )}
    </>
  );
}
