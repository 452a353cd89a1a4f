import { randomUUID } from 'node:crypto';
import type { Ids } from '../../ports/ids.js';

export const systemIds: Ids = { uuid: randomUUID, random: Math.random };
