/**
 * The number in a run's id; undefined when it is no id of a run of this job. Ids are the job's own letters and digits and
 * ten digits for the number of the run. Repeated here on purpose: a proof does not use the code that it proves.
 */
export function runNumberOf(runId: string, cronId: string): number | undefined {
  const [, job, number] = /^run-([A-Za-z0-9]+)([0-9]{10})$/.exec(runId) ?? [];
  return cronId === `cron-${job}` ? Number(number) : undefined;
}
