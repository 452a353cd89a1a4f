const JOB_KEY = /^[A-Za-z0-9][\w.:-]{0,127}$/;

/** What a key may be, for people. */
export const KEY_RULE =
  'must be 1 to 128 letters, digits, or any of . _ : - and begin with a letter or digit';

/** Whether a client may call a job so that it declares: what needs no escape in a path. */
export function isJobKey(text: string): boolean {
  return JOB_KEY.test(text);
}
