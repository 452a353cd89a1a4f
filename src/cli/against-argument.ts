import { InvalidArgumentError } from 'commander';
import type { LogHead } from '../ledger/log-head.js';
import { isThere } from '../replay/export-folder.js';
import { headArgument } from './head-argument.js';

/** No head has any of these. */
const PATH = /[/\\]|\.json$/i;

/** Reads a head as `verify` prints it, or the path of an export or of its manifest. @throws InvalidArgumentError */
export function againstArgument(given: string): LogHead | string {
  if (PATH.test(given)) return given;
  try {
    return headArgument(given);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    if (isThere(given)) return given;
    throw new InvalidArgumentError(
      `${error.message}; or a path such as export/manifest.json, or that of its folder`,
    );
  }
}
