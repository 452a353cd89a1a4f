import { filesOf, readExported, readManifest } from '../replay/export-folder.js';
import { faultOfExported } from '../replay/prove-manifest.js';

/**
 * `verify-export FOLDER`: the verdict, on standard output.
 * @param path of the folder, or of the manifest in it
 * @returns the exit code: 0, or 1 when the exported events are not those of the manifest
 * @throws ExportError when either cannot be read
 */
export async function verifyExportCommand(path: string): Promise<number> {
  const files = filesOf(path);
  const manifest = await readManifest(files.manifest);
  const fault = await faultOfExported(manifest, readExported(files.events));
  const { events, hash } = manifest;
  process.stdout.write(
    fault === undefined
      ? `${path}: all ${events.count} events are those of the manifest\nhash: ${hash}\n`
      : `${path}: ${fault}\n`,
  );
  return fault === undefined ? 0 : 1;
}
