// No violation of WCAG 2.2 AA or good practice, anywhere on the walk: both languages,
// light and dark, the widget open and closed.
import { expect, test } from '@playwright/test';
import { violations } from '../support/axe';
import { walk } from '../support/walk';
import type { Lang } from '../support/words';

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
