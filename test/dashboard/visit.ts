import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';

/** A browser takes its time on a machine that is busy with other tests. */
export const SLOWLY_MS = 90_000;
/** What happens elsewhere is shown within a second, on a machine that has nothing else to do. */
export const SOON_MS = 3_000;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs before the scripts of the page, and tells what its policy has stopped. */
const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) => {
  tellViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile);
});`;

export interface Visiting extends BrowserContextOptions {
  /** Answers that are errors, which the browser writes to its console: those of this kind are expected. */
  expected?: RegExp;
}

/**
 * Opens a page and does something there, or in other tabs of its context. Whatever the browser finds wrong is a failure, and
 * so is a request to anybody else.
 * @returns the requests of the page
 */
export async function visit(
  browser: Browser,
  address: string,
  act: (page: Page) => Promise<void>,
  { expected, ...options }: Visiting = {},
): Promise<Request[]> {
  const context = await browser.newContext(options);
  try {
    const wrong: string[] = [];
    const asked: Request[] = [];
    context.on('console', (message) => wrong.push(`${message.type()}: ${message.text()}`));
    context.on('weberror', (failed) => wrong.push(String(failed.error())));
    context.on('request', (sent) => asked.push(sent));
    context.setDefaultTimeout(20_000);
    await context.exposeFunction('tellViolation', (text: string) => wrong.push(text));
    await context.addInitScript(TELL_VIOLATIONS);
    const page = await context.newPage();
    await page.goto(address);
    await act(page);
    expect(wrong.filter((line) => !expected?.test(line))).toEqual([]);
    const urls = asked.map((sent) => sent.url());
    const { origin } = new URL(page.url());
    expect(urls.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== origin)).toEqual([]);
    return asked;
  } finally {
    await context.close();
  }
}

/** Holds what is shown to the rules of WCAG 2.2, A and AA, that a program can check. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const found = await page.evaluate<Finding[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations)`,
  );
  const grave = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect(told).toEqual([]);
}

/** Whether an element has the focus; for `evaluate`, so it runs in the page. */
export function isFocused(element: unknown): boolean {
  const { document } = globalThis as unknown as { document: { activeElement: unknown } };
  return element === document.activeElement;
}

interface Finding {
  id: string;
  impact: string | null;
  nodes: { html: string }[];
}
