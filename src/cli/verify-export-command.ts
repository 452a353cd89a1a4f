import { eventsIn, manifestIn, readExported, readManifest } from '../replay/export-folder.js';
import { faultOfExported } from '../replay/prove-manifest.js';

/**
 * `verify-export FOLDER`: the verdict, on standard output.
 * @returns the exit code: 0, or 1 when the exported events are not those of the manifest
 * @throws ExportError when either cannot be read
 */
export async function verifyExportCommand(folder: string): Promise<number> {
  const manifest = await readManifest(manifestIn(folder));
  const fault = await faultOfExported(manifest, readExported(eventsIn(folder)));
  const { events, hash } = manifest;
  process.stdout.write(
    fault === undefined
      ? `${folder}: all ${events.count} events are those of the manifest\nhash: ${hash}\n`
      : `${folder}: ${fault}\n`,
  );
  return fault === undefined ? 0 : 1;
}
