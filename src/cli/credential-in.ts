import { ConfigError } from '../config/config.js';

/** What a header takes, and every credential of the service is made of. */
const VISIBLE = /^[\x21-\x7e]+$/;

/**
 * The header that says who asks, from the environment: the arguments of a process are seen by everybody on its machine.
 * Empty is unset, and blanks around it, as the line end of a file, do not count.
 * @returns undefined when there is none
 * @throws ConfigError that names the variable and does not repeat its value
 */
export function credentialIn(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> | undefined {
  const key = valueOf('CERTIFICATION_CRON_API_KEY');
  const token = valueOf('CERTIFICATION_CRON_TOKEN');
  if (key !== undefined && token !== undefined)
    throw new ConfigError(
      'CERTIFICATION_CRON_API_KEY and CERTIFICATION_CRON_TOKEN are both set: the service takes one credential',
    );
  if (key !== undefined) return { 'X-API-Key': key };
  return token === undefined ? undefined : { Authorization: `Bearer ${token}` };

  function valueOf(name: string): string | undefined {
    const value = environment[name]?.trim() ?? '';
    if (value === '') return undefined;
    if (VISIBLE.test(value)) return value;
    throw new ConfigError(`${name} must be visible ASCII characters without blanks`);
  }
}
