// Every page in both languages, two sizes, light and dark: no complaint of the browser,
// nothing wider than the screen, and a picture for human eyes in results/shots.
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { SHOTS } from '../support/env';
import { walk } from '../support/walk';
import type { Lang } from '../support/words';

const SIZES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true },
};

for (const lang of ['ko', 'en'] as Lang[]) {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`every page (${lang}, ${size}, ${colorScheme})`, async ({ browser }) => {
        test.slow();
        const tooWide: string[] = [];
        const complaints = await walk(browser, { ...options, colorScheme, reducedMotion: 'reduce' }, lang, async ({ name, page, frame }) => {
          await page.screenshot({ path: path.join(SHOTS, lang, size, colorScheme, `${name}.png`), animations: 'disabled', caret: 'hide' });
          for (const where of frame ? [page, frame] : [page]) {
            const [content, screen] = await where.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
            if (content > screen) tooWide.push(`${name}: ${content} > ${screen}`);
          }
        });
        expect(complaints).toEqual([]);
        expect(tooWide).toEqual([]);
      });
    }
  }
}
