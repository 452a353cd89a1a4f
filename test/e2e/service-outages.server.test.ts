import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startOutageService, type OutageService } from './outage-service.js';
import type { ProxyMode } from '../servers/tcp-proxy.js';
import { describeWithKafkaProxy } from '../servers/with-kafka-proxy.js';
import { describeWithServer } from '../servers/with-server.js';
import { describeWithKcat } from '../servers/with-kcat.js';

/** How long each outage lasts; longer ones by hand, such as OUTAGE_SECONDS=60. */
const OUTAGE_SECONDS = Number(process.env.OUTAGE_SECONDS ?? 1.5);
/** Of a job that comes due each second. */
const FEWEST_STARTS = Math.max(1, Math.floor(OUTAGE_SECONDS) - 1);
const TIMEOUT_MS = (OUTAGE_SECONDS + 200) * 1_000;

type Outage = ['refuse' | 'hang' | 'cut' | 'slow'];
const OUTAGES: Outage[] = [['refuse'], ['hang'], ['cut'], ['slow']];

describeWithKafkaProxy('outages', 'the service, when one of its servers is taken away', (kafka) => {
  describeWithServer('mongodb', 'with MongoDB', (mongodb) =>
    describeWithKcat('compared by kcat', () => {
      let service: OutageService;

      /** One service goes through all outages of a server, one after the other. */
      function goesThrough(server: string, outages: () => void): void {
        describe(server, () => {
          beforeAll(async () => {
            service = await startOutageService(kafka, mongodb);
          }, TIMEOUT_MS);
          afterAll(() => service.stop(), TIMEOUT_MS);
          beforeEach(() => service.wellAgain(), TIMEOUT_MS);

          outages();

          it(
            'has lost, doubled, disordered and changed nothing',
            async () => {
              expect(await service.compare()).toEqual({ faults: [], repeated: 0 });
            },
            TIMEOUT_MS,
          );
        });
      }

      const put = () => service.call('PUT', `/${service.cronId}`, { name: `named at ${performance.now()}` });
      const details = () => service.call('GET', `/${service.cronId}`);
      const started = async (): Promise<number> =>
        (await service.events()).filter(({ type }) => type === 'RunStarted').length;

      /** Lets the outage last, and asks what holds during it again and again, from its first second to its last. */
      async function during(
        server: keyof OutageService['proxies'],
        [kind]: Outage,
        ask: () => Promise<void>,
      ) {
        const proxy = service.proxies[server];
        const mode: ProxyMode = kind === 'slow' ? { slowMs: 100 } : kind === 'cut' ? 'pass' : kind;
        const until = performance.now() + OUTAGE_SECONDS * 1_000;
        proxy.mode(mode);
        try {
          do {
            if (kind === 'cut') proxy.cut();
            await ask();
          } while (performance.now() < until);
        } finally {
          proxy.mode('pass');
        }
      }

      const isDown = ([kind]: Outage): boolean => kind === 'refuse' || kind === 'hang';

      goesThrough('MongoDB', () => {
        it.each(OUTAGES)(
          '%s: writes are accepted, reads say when to come back, starts go on',
          async (...outage) => {
            const before = await started();
            await during('mongodb', outage, async () => {
              const answer = await put();
              expect(answer.status).toBe(200);
              if (!isDown(outage)) return;
              expect(answer.headers.get('reads-lag')).toBe('true');
              const read = await details();
              expect([read.status, read.headers.get('retry-after')]).toEqual([503, '2']);
              expect(await service.degraded()).toEqual(expect.arrayContaining(['read_store', 'registry']));
            });
            expect(await started()).toBeGreaterThanOrEqual(before + FEWEST_STARTS);
          },
          TIMEOUT_MS,
        );
      });

      goesThrough('Kafka', () => {
        it.each(OUTAGES)(
          '%s: writes and reads go on, starts too, and runs wait for a worker',
          async (...outage) => {
            const before = await started();
            await during('kafka', outage, async () => {
              expect((await put()).status).toBe(200);
              expect((await details()).status).toBe(200);
              if (isDown(outage))
                await eventually(
                  'it is named',
                  async () => (await service.degraded()).join() === 'message_bus',
                );
            });
            expect(await started()).toBeGreaterThanOrEqual(before + FEWEST_STARTS);
          },
          TIMEOUT_MS,
        );
      });

      goesThrough('EventStoreDB', () => {
        it.each(OUTAGES)(
          '%s: writes say when to come back, reads go on',
          async (...outage) => {
            await during('eventstoredb', outage, async () => {
              const [answer, read] = await Promise.all([put(), details()]);
              expect(read.status).toBe(200);
              if (isDown(outage)) {
                expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
                expect(await service.degraded()).toEqual(expect.arrayContaining(['event_log']));
              }
            });
            await eventually('writes are accepted', async () => (await put()).status === 200, 30_000);
          },
          TIMEOUT_MS,
        );
      });
    }),
  );
});
