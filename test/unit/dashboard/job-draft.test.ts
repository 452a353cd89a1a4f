import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedSettings, isSameDraft, rebaseDraft } from '../../../dashboard/src/job-form/compare-drafts.js';
import {
  draftOf,
  newDraft,
  settingsOf,
  type DraftField,
  type JobDraft,
  type Settings,
} from '../../../dashboard/src/job-form/job-draft.js';
import { defaultJobConfig } from '../../../src/events/job-config.js';

const text = fc
  .string({ minLength: 1, maxLength: 8 })
  .map((given) => given.trim())
  .filter((given) => given !== '' && !/[\r\n]/.test(given));
const texts = fc.uniqueArray(text, { minLength: 1, maxLength: 4 });
const settings: fc.Arbitrary<Settings> = fc.record({
  name: text,
  description: fc.option(text),
  cron_expression: text,
  time_zone: text,
  enabled: fc.boolean(),
  labels: fc.oneof(texts, fc.constant<string[]>([])),
  reminder_thresholds: fc.option(
    fc.uniqueArray(fc.integer({ min: -9999, max: 9999 }), { minLength: 1, maxLength: 20 }),
  ),
  select: fc.option(
    fc.oneof(
      fc.record({ types: texts, labels: fc.option(texts) }),
      fc.record({ types: fc.constant<null>(null), labels: texts }),
    ),
  ),
  max_reminders: fc.option(fc.nat(250_000)),
  catchup_policy: fc.constantFrom('latest', 'all', 'skip'),
  catchup_window_seconds: fc.nat(),
  misfire_grace_seconds: fc.nat(),
  concurrency_policy: fc.constantFrom('forbid', 'allow'),
  timeout_seconds: fc.nat(),
});
const drafts = settings.map(draftOf);

describe('the draft of a job', () => {
  it('is what the service would make of a job without settings', () => {
    const { name, cron_expression, ...others } = settingsOf(newDraft('UTC'));
    expect(others).toEqual(defaultJobConfig);
    expect([name, cron_expression]).toEqual(['', '']);
  });

  it('sends the settings that it was made of, whatever they are', () => {
    fc.assert(fc.property(settings, (job) => expect(settingsOf(draftOf(job))).toEqual(job)));
  });

  it('sends what is no number as it was typed, so that the service says what is allowed', () => {
    const typed = {
      ...newDraft('UTC'),
      reminder_thresholds: '30; x 1.5,-7',
      timeout_seconds: '',
      max_reminders: '1e3',
    };
    expect(settingsOf(typed)).toMatchObject({
      reminder_thresholds: [30, 'x', '1.5', -7],
      timeout_seconds: '',
      max_reminders: '1e3',
    });
  });

  it('has a label for each line that is not blank', () => {
    expect(settingsOf({ ...newDraft('UTC'), labels: ' a, b \n\n\t\nc' }).labels).toEqual(['a, b', 'c']);
  });
});

describe('a draft that was changed', () => {
  const before = newDraft('UTC');

  it('sends only what was changed', () => {
    expect(changedSettings(before, before)).toEqual({});
    const after = { ...before, name: 'nightly', labels: 'eu', timeout_seconds: ' 3600 ' };
    expect(changedSettings(before, after)).toEqual({ name: 'nightly', labels: ['eu'] });
  });

  it('keeps each change of both, and the one of the viewer where both changed the same', () => {
    const mine = { ...before, name: 'mine', labels: 'eu', enabled: false };
    const theirs = { ...before, name: 'theirs', description: 'new', enabled: false };
    expect(rebaseDraft(before, mine, theirs)).toEqual({ ...mine, description: 'new' });
  });

  it('changes on top of theirs what the viewer had changed, and nothing else', () => {
    fc.assert(
      fc.property(drafts, drafts, drafts, (seen, mine, theirs) => {
        const draft = rebaseDraft(seen, mine, theirs);
        for (const field of Object.keys(seen) as DraftField[])
          expect(draft[field]).toBe(mine[field] === seen[field] ? theirs[field] : mine[field]);
        expect(isSameDraft(rebaseDraft(seen, seen, theirs), theirs)).toBe(true);
      }),
    );
  });
});

describe('two drafts', () => {
  it('are the same when each field is', () => {
    fc.assert(fc.property(drafts, (draft: JobDraft) => expect(isSameDraft(draft, { ...draft })).toBe(true)));
    expect(isSameDraft(newDraft('UTC'), newDraft('Asia/Kolkata'))).toBe(false);
  });
});
