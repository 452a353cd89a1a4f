import type { Schemas } from '../api/client.js';

export type JobEvent = Schemas['JobEvent'];
