import type { Database } from './driver.js';

/** The statements that find runs of one kind, newest first: those of a job, and those of all jobs. */
export function prepareRuns(db: Database, place: string) {
  const prepared = (ofWhom: string, index: string) => {
    const range = `FROM runs${place} INDEXED BY ${index}${place} WHERE ${ofWhom} kind = @kind
      AND started_at >= @from AND (started_at, key) < (@to, @id)`;
    return {
      newest: db.prepare(
        `SELECT started_at, key AS run_id ${range} ORDER BY started_at DESC, key DESC LIMIT @limit`,
      ),
      count: db.prepare(`SELECT count(*) FROM (SELECT 1 ${range} LIMIT @limit)`).pluck(),
    };
  };
  return {
    ofJob: prepared('cron_id = @job AND', 'runs_of_job_by_kind'),
    ofAll: prepared('', 'runs_by_kind'),
  };
}
