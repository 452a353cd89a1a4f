import { expect, it } from '@jest/globals';
import { describeWithServer } from '../../servers/with-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { killSender } from './sender-kills.js';

const KILLS = 4;

describeWithServer('kafka', 'the sender of reminders, killed while it sends', (brokers) => {
  it(`sends nothing twice and loses nothing in ${2 * KILLS} kills; many more by npm run kill-sender`, async () => {
    // Most of the time a killed one is waited for to leave its group, so both go at once.
    const outcomes = await Promise.all(
      (['run', 'reminder'] as const).map((mailPer) =>
        killSender({ kills: KILLS, mailPer, brokers, folder: temporaryFolder(), onKill: () => undefined }),
      ),
    );
    const well = { reminders: KILLS * 6, twice: 0, lost: 0, notOnce: 0, messagesAside: KILLS };
    expect(outcomes).toMatchObject([well, well]);
  }, 120_000);
});
