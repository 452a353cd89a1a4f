import { BASE_PATH } from '../http/api.js';

/**
 * Where a service is asked: its base path is added when it is left out.
 * @throws Error for what is no address of a service; it does not repeat the address, which may hold a password
 */
export function serviceAddress(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new Error('--url must be an address that begins with http:// or https://');
  if (url.username !== '' || url.password !== '')
    throw new Error(
      '--url must not hold a name or password: CERTIFICATION_CRON_API_KEY or CERTIFICATION_CRON_TOKEN say who asks',
    );
  if (/[?#]/.test(given)) throw new Error('--url must end with the path: it has a ? or a #');
  const address = url.href.replace(/\/+$/, '');
  return address.endsWith(BASE_PATH) ? address : address + BASE_PATH;
}
