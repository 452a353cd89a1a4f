import { BASE_PATH } from '../http/api.js';

/** What a person who has just started the service wants to know. */
export function banner(service: { address: string; dataDir: string; cronId: string | undefined }): string {
  const api = service.address + BASE_PATH;
  const next =
    service.cronId === undefined
      ? [
          `  curl -s -X POST ${api} -H 'content-type: application/json' -d '{"name":"nightly_expiry_check","cron_expression":"0 2 * * *"}'`,
          `  DATA_DIR=${service.dataDir} npm run cli -- import FILE.csv`,
        ]
      : [
          `  curl -s ${api}/${service.cronId}`,
          `  curl -s -X POST ${api}/${service.cronId}/execute -H 'content-type: application/json' -d '{"dry_run":false}'`,
          `  curl -s ${api}/${service.cronId}/runs`,
        ];
  return [
    `certification-cron is ready: ${api}`,
    `adapters: event log, read models and registry in SQLite under ${service.dataDir}; messages in-process`,
    'try next:',
    ...next,
    'stop with Ctrl-C',
    '',
  ].join('\n');
}
