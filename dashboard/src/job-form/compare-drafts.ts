import { settingsOf, type DraftField, type JobDraft, type Settings } from './job-draft.js';

/** The settings in which two drafts differ, as the second one has them: what an update says. */
export function changedSettings(before: JobDraft, after: JobDraft): Partial<Record<keyof Settings, unknown>> {
  const was = settingsOf(before);
  return Object.fromEntries(
    Object.entries(settingsOf(after)).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(was[field as keyof Settings]),
    ),
  );
}

export function isSameDraft(one: JobDraft, other: JobDraft): boolean {
  return fieldsOf(one).every((field) => one[field] === other[field]);
}

/** What the viewer has changed, on top of what others have changed meanwhile. Where both changed a field, the viewer's stands. */
export function rebaseDraft(seen: JobDraft, mine: JobDraft, theirs: JobDraft): JobDraft {
  return Object.fromEntries(
    fieldsOf(mine).map((field) => [field, mine[field] === seen[field] ? theirs[field] : mine[field]]),
  ) as unknown as JobDraft;
}

function fieldsOf(draft: JobDraft): DraftField[] {
  return Object.keys(draft) as DraftField[];
}
