import type { Config } from '../config/config.js';
import type { LogHead } from '../ledger/log-head.js';
import { verifyLog, type Finding } from '../ledger/verify-log.js';
import { filesOf, isThere, readExported, readManifest } from '../replay/export-folder.js';
import { createManifestProof, type ManifestProof } from '../replay/prove-manifest.js';
import { openExistingLog, openSystem } from '../service/open-adapters.js';
import { slotVersionsWith } from '../schedule/slot-versions.js';
import { tellProgress } from './tell-progress.js';
import { findingLine, reportDocument, reportLines } from './verify-report.js';

/** Of the JSON document, which is written when all is read; as text each is written when it is found. */
const MOST_FINDINGS = 1_000;

export interface VerifyOptions {
  /** An earlier head of the log, or the path of an export or of its manifest, which it must still contain. */
  against?: LogHead | string;
  /** One JSON document in place of the lines. */
  json: boolean;
}

/**
 * `verify`: findings, totals, the head and the verdict on standard output, progress on standard error. The service may
 * be running.
 * @returns the exit code: 0 when everything is proved, 1 when there are gaps, doubles or other broken promises, or the
 * log does not contain what the given head or manifest names
 * @throws StoreError, ExportError
 */
export async function verifyCommand(
  config: Config,
  { against: given, json }: VerifyOptions,
): Promise<number> {
  const [against, path] = typeof given === 'string' ? [undefined, given] : [given, undefined];
  const manifest = path === undefined ? undefined : { path, ...(await heldBy(path)) };
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const { clock, tzdataVersion } = system;
  const log = await openExistingLog(config, system);
  const findings: Finding[] = [];
  try {
    const started = clock.monotonic();
    const verification = await verifyLog(log, {
      today: slotVersionsWith(tzdataVersion),
      now: clock.now(),
      against,
      held: manifest?.proof,
      onFinding(finding) {
        if (!json) process.stdout.write(findingLine(finding));
        else if (findings.length < MOST_FINDINGS) findings.push(finding);
      },
      onProgress: tellProgress(),
    });
    const report = { verification, against, manifest, seconds: (clock.monotonic() - started) / 1000 };
    process.stdout.write(json ? reportDocument(report, findings) : reportLines(report));
    return verification.proved ? 0 : 1;
  } finally {
    await log.close();
  }
}

async function heldBy(path: string): Promise<{ events: number; proof: ManifestProof }> {
  const files = filesOf(path);
  const manifest = await readManifest(files.manifest);
  const exported = isThere(files.events) ? readExported(files.events) : undefined;
  return { events: manifest.events.count, proof: createManifestProof(manifest, exported) };
}
