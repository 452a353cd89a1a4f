import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { createDocsFiles } from '../../../src/service/docs-files.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const STYLE = 'docs/swagger-ui.css';
const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

describe('the files of the page', () => {
  it.each(['docs', 'docs/page.js', STYLE, 'docs/swagger-ui-bundle.js'])(
    'are there, each also compressed, under another tag: %s',
    async (path) => {
      const file = await createDocsFiles().get(path);
      expect(file?.plain.bytes.length).toBeGreaterThan(100);
      expect(
        gunzipSync(file?.gzip.bytes ?? Buffer.alloc(0)).equals(file?.plain.bytes ?? Buffer.alloc(0)),
      ).toBe(true);
      expect(file?.plain.etag).toMatch(/^"[\w-]{43}"$/);
      expect(file?.gzip.etag).toBe(file?.plain.etag.replace(/"$/, '-gzip"'));
    },
  );

  it('are read once for all who ask, and kept', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'swagger-ui.css'), 'a {}');
    const files = createDocsFiles(() => folder);
    const asked = await Promise.all(Array.from({ length: 200 }, async () => files.get(STYLE)));
    expect(new Set(asked).size).toBe(1);
    rmSync(join(folder, 'swagger-ui.css'));
    expect(await files.get(STYLE)).toBe(asked[0]);
    expect(textOf(asked[0]?.plain.bytes)).toBe('a {}');
  });

  it('say how to get a library that is missing, and are read again once it is there', async () => {
    const folder = temporaryFolder();
    const files = createDocsFiles(() => folder);
    for (const get of [() => files.get(STYLE), () => files.get(STYLE)])
      await expect(get()).rejects.toThrow('swagger-ui-dist is not installed as a whole: npm ci installs it');
    expect(textOf((await files.get('docs'))?.plain.bytes)).toContain('openapi.json');
    writeFileSync(join(folder, 'swagger-ui.css'), 'b {}');
    expect(textOf((await files.get(STYLE))?.plain.bytes)).toBe('b {}');
  });

  it.each([
    '',
    'docs/',
    'docs/package.json',
    'docs/swagger-ui-bundle.js.map',
    'docs/../package.json',
    '__proto__',
  ])('are no others: %j', (path) => {
    expect(createDocsFiles().get(path)).toBeUndefined();
  });
});
