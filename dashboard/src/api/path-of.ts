import { ApiProblem } from './problem.js';

/** How ids begin; no route of the API is called so. */
const BEGINNINGS: Readonly<Record<string, string>> = { id: 'cron-', run_id: 'run-' };

/**
 * The path of a request. What stands in an address of this page may be anything: `leader` or `..` for an id would ask for
 * something else than it says, and that would be shown as a job.
 * @param template with the names of its parameters in braces
 * @throws ApiProblem where a parameter cannot be what it is called; the API would find nothing by it
 */
export function pathOf(template: string, parameters: Record<string, unknown>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(parameters[name]);
    if (!value.startsWith(BEGINNINGS[name] ?? '') || /^\.{0,2}$/.test(value))
      throw new ApiProblem(404, { code: 'not_found', detail: `${name}: nothing is called so` });
    return encodeURIComponent(value);
  });
}
