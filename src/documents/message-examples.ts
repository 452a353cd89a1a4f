import type { MessageExample } from './channel.js';

const cron_id = 'cron-05c2f5996ea2488c920a4d98fd3a742c';
const run_id = 'run-05c2f5996ea2488c920a4d98fd3a742c0000000001';

/** Of an executor of runs. */
export const resultExamples: MessageExample[] = [
  {
    name: 'success',
    headers: { ce_id: 'executor-result-1' },
    payload: {
      cron_id,
      run_id,
      status: 'success',
      result: { mentors_checked: 124, reminders_sent: 3, errors: 0 },
    },
  },
  {
    name: 'successWithReasons',
    payload: {
      cron_id,
      run_id,
      status: 'success',
      result: {
        mentors_checked: 124,
        reminders_sent: 3,
        errors: 0,
        records_checked: 165,
        reasons: { not_due: 158, already_asked: 4 },
      },
    },
  },
  {
    name: 'failed',
    payload: {
      cron_id,
      run_id,
      status: 'failed',
      error: { code: 'DIRECTORY_DOWN', message: 'the directory of mentors did not answer' },
    },
  },
];

/** Of the service that owns certifications. */
export const certificationExamples: MessageExample[] = [
  { name: 'least', payload: { mentor_id: 'mentor-7', expires_at: '2026-12-02' } },
  {
    name: 'all',
    payload: {
      certification_id: 'cert-1',
      mentor_id: 'mentor-7',
      expires_at: '2026-12-02T23:59:59+01:00',
      type: 'first-aid',
      labels: ['team-a'],
      status: 'active',
      renewable_from: '2026-09-02',
    },
  },
];

export const checkpointExamples: MessageExample[] = [
  {
    name: 'checkpoint',
    payload: {
      position: '00000000000000001055-00000000000000001055',
      event: {
        position: '00000000000000001055-00000000000000001055',
        id: '71d61938-a91e-469f-a4f3-92a614e00d59',
      },
    },
  },
];
