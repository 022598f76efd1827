// No violation of WCAG 2.2 AA or good practice, anywhere on the walk: both languages,
// light and dark, the widget open and closed.
import { readFileSync } from 'node:fs';
import { expect, test, type Frame, type Page } from '@playwright/test';
import { walk } from '../support/walk';
import type { Lang } from '../support/words';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong; `part` limits it to one element. */
async function violations(where: Page | Frame, part?: string): Promise<string[]> {
  // Not by a script element: the pages' policy forbids it.
  await where.evaluate(`if (!window.axe) { ${AXE} }`);
  return where.evaluate(
    async ({ tags, part }) => {
      // Colours are judged when what fades in is there.
      await Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity).map((a) => a.finished.catch(() => {})));
      const found = await (window as any).axe.run(part ? { include: part } : document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], iframes: false });
      return found.violations.flatMap((v: any) => v.nodes.map((n: any) => `${v.id} (${v.impact}): ${n.target.flat().join(' ')} ${n.html.slice(0, 160)} – ${n.failureSummary.split('\n').slice(1, 3).join(' ')}`));
    },
    { tags: TAGS, part },
  );
}

for (const lang of ['ko', 'en'] as Lang[]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing (${lang}, ${colorScheme})`, async ({ browser }) => {
      test.slow();
      const wrong: string[] = [];
      await walk(browser, { colorScheme, reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } }, lang, async ({ name, page, frame, part }) => {
        for (const line of await violations(frame ?? page, part)) wrong.push(`${name}: ${line}`);
        // The host page's part of an open widget.
        if (frame) for (const line of await violations(page, 'damso-chat')) wrong.push(`${name}, outside: ${line}`);
      });
      expect(wrong).toEqual([]);
    });
  }
}

test('axe would find something', async ({ page }) => {
  await page.setContent('<html lang="en"><title>x</title><main><h1>x</h1><img src="x.png"><input></main>');
  expect((await violations(page)).map((line) => line.split(' ')[0])).toEqual(['image-alt', 'label']);
});
