import { it } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.js';
import { rebuildBesideService } from './rebuild-beside-service.js';

it(
  'a rebuild beside two instances that are read and written, killed in the middle and then to its end',
  () => rebuildBesideService({ DATA_DIR: temporaryFolder() }),
  60_000,
);
