// Everything that a browser complains about, in the page and in its frames.
import type { Page } from '@playwright/test';

/** Complaints so far; the list grows while the page lives. Call it before `goto`. */
export async function watch(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  await page.exposeBinding('damsoViolation', ({ frame }, what: string) => void complaints.push(`policy: ${what} in ${frame.url()}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      void (window as any).damsoViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber}`);
    });
  });
  return complaints;
}
