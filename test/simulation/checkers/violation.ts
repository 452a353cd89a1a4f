/** A broken promise, and where to look. */
export interface Violation {
  promise: string;
  text: string;
  cronId: string | undefined;
  /** True time near which it happened, epoch milliseconds; undefined when it is found at the end only. */
  at: number | undefined;
}

/** Collects the violations of one promise. */
export function reporting(promise: string) {
  const violations: Violation[] = [];
  return {
    violations,
    report: (text: string, cronId?: string, at?: string): void => {
      violations.push({ promise, text, cronId, at: at === undefined ? undefined : Date.parse(at) });
    },
  };
}
