import { JOB_SORTS } from '../../ports/job-list.js';
import { JOB_TRAITS } from '../job-traits.js';

/** Nothing counted yet. */
export const noJobs = (place: string): string => `DELETE FROM job_counts${place};
  INSERT INTO job_counts${place} VALUES ${JOB_TRAITS.map((traits) => `(${traits}, 0)`).join()};`;

/** Each index that has a column is written whenever that column is set: so it is set only where it differs. */
const whenChanged = (column: string, place: string): string => `
  CREATE TRIGGER job_${column}_changed${place} AFTER UPDATE ON jobs${place} WHEN new.${column} <> old.${column}
    BEGIN UPDATE listed_jobs${place} SET ${column} = new.${column} WHERE key = new.key; END;`;

/**
 * What lists ask of the jobs: narrow rows, many on a page, which follow the rows of jobs by triggers. Each sort has its
 * index; what is of few kinds is one number, and each combination is counted as the rows are written.
 */
export const jobsSchema = (place: string): string => `
  CREATE TABLE listed_jobs${place} (key TEXT PRIMARY KEY, is_deleted INTEGER NOT NULL, ${JOB_SORTS.map((sort) => `${sort} TEXT NOT NULL`).join()},
    traits INTEGER NOT NULL) STRICT;
  ${JOB_SORTS.flatMap((sort) => [
    // Without a condition to look at, entries are passed over eight times as fast.
    `CREATE INDEX jobs_by_${sort}${place} ON listed_jobs${place} (${sort}, key) WHERE is_deleted = 0;`,
    `CREATE INDEX deleted_by_${sort}${place} ON listed_jobs${place} (${sort}, key) WHERE is_deleted = 1;`,
  ]).join('\n')}
  CREATE INDEX jobs_by_traits${place} ON listed_jobs${place} (traits);
  CREATE TABLE job_labels${place} (label TEXT, key TEXT, PRIMARY KEY (label, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE job_counts${place} (traits INTEGER PRIMARY KEY, jobs INTEGER NOT NULL) STRICT;
  ${noJobs(place)}
  CREATE TRIGGER job_came${place} AFTER INSERT ON jobs${place} BEGIN
    INSERT INTO listed_jobs${place} VALUES (new.key, new.is_deleted, ${JOB_SORTS.map((sort) => `new.${sort}`).join()}, new.traits);
    INSERT INTO job_labels${place} SELECT DISTINCT value, new.key FROM json_each(new.labels);
    UPDATE job_counts${place} SET jobs = jobs + 1 WHERE traits = new.traits; END;
  ${['is_deleted', ...JOB_SORTS].map((column) => whenChanged(column, place)).join('')}
  CREATE TRIGGER job_traits_changed${place} AFTER UPDATE ON jobs${place} WHEN new.traits <> old.traits BEGIN
    UPDATE listed_jobs${place} SET traits = new.traits WHERE key = new.key;
    UPDATE job_counts${place} SET jobs = jobs + (traits = new.traits) - (traits = old.traits)
      WHERE traits IN (old.traits, new.traits); END;
  CREATE TRIGGER job_labels_changed${place} AFTER UPDATE ON jobs${place} WHEN new.labels <> old.labels BEGIN
    DELETE FROM job_labels${place} WHERE label IN (SELECT value FROM json_each(old.labels)) AND key = old.key;
    INSERT INTO job_labels${place} SELECT DISTINCT value, new.key FROM json_each(new.labels); END;`;

/** Runs are found by their kind, each in the order of time: those of a job, and those of all. */
export const runsSchema = (place: string): string => `
  CREATE INDEX runs_of_job_by_kind${place} ON runs${place} (cron_id, kind, started_at, key);
  CREATE INDEX runs_by_kind${place} ON runs${place} (kind, started_at, key);`;
