import type { Credentials } from './credentials.js';
import { ANONYMOUS } from './principal.js';

/** Where none are configured. */
export const noCredentials: Credentials = {
  areConfigured: false,
  identify: () => Promise.resolve(ANONYMOUS),
};
