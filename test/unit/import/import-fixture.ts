import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { importCertifications, type Imported } from '../../../src/import/import-certifications.js';
import type { CertificationRegistry } from '../../../src/ports/certification-registry.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

export const HEADER = 'certification_id,mentor_id,expires_at';

export interface Outcome extends Imported {
  faults: [line: number, reason: string][];
}

/** The import into a registry in memory, on 26 March 2026. */
export interface ImportBench {
  registry: CertificationRegistry;
  importFile(file: string, options?: { replace?: boolean; onProgress?: () => void }): Promise<Outcome>;
  /** Imports a file of this name with this text, these lines, or these bytes. */
  importText(name: string, text: string | string[] | Uint8Array, replace?: boolean): Promise<Outcome>;
  /** All records, as "certification | mentor | expiry", by mentor and certification. */
  records(): Promise<string[]>;
}

export function createImportBench(): ImportBench {
  const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path: ':memory:' });
  let imports = 0;
  const bench: ImportBench = {
    registry,
    async importFile(file, { replace = false, onProgress = () => undefined } = {}) {
      const faults: Outcome['faults'] = [];
      const imported = await importCertifications(registry, {
        file,
        replace,
        source: `import ${++imports}`,
        now: Date.parse('2026-03-26T23:59:59.000Z'),
        onBadLine: (line, reason) => faults.push([line, reason]),
        onProgress,
      });
      return { ...imported, faults };
    },
    importText(name, text, replace = false) {
      const file = join(temporaryFolder(), name);
      writeFileSync(file, Array.isArray(text) ? text.join('\n') : text);
      return bench.importFile(file, { replace });
    },
    async records() {
      const found: string[] = [];
      for await (const page of registry.pages())
        for (const { certification_id, mentor_id, expires_at } of page)
          found.push([certification_id, mentor_id, expires_at].map(String).join(' | '));
      return found;
    },
  };
  return bench;
}
