// Pages of 서비스 관리.
import { expect, type Page } from '@playwright/test';
import { signIn } from './pages';
import type { Lang } from './words';

/** Lets `alive` know which buttons somebody listens to. Once per page, before it is opened. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (...given: Parameters<typeof add>) {
      if (this instanceof HTMLButtonElement) (this as any).damsoHeard = true;
      return add.apply(this, given);
    };
  });
}

/** The module has taken over what the server drew: every button of the page is listened to. */
export async function alive(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForFunction(() => {
    const buttons = Array.from(document.querySelectorAll('main button, .chat-icon'));
    return buttons.length > 0 && buttons.every((button) => (button as any).damsoHeard);
  });
}

/** Opens a page of 서비스 관리 and waits until it can be used. */
export async function open(page: Page, origin: string, path: string, lang: Lang = 'ko'): Promise<void> {
  await page.goto(`${origin}/settings/${path}${lang === 'en' ? '?lang=en' : ''}`);
  await alive(page);
}

/** Signs in as an admin and opens a page of 서비스 관리. */
export async function administer(page: Page, origin: string, path: string, lang: Lang = 'ko'): Promise<void> {
  await listen(page);
  await signIn(page, origin, 'owner', lang);
  await open(page, origin, path, lang);
}

/** Asks the server as the person of `page`. */
export async function ask<T>(page: Page, origin: string, path: string, data: unknown): Promise<T> {
  const answer = await page.request.post(`${origin}/api/${path}`, { data, headers: { origin } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Follows a link of the menu while there is something unsaved: the browser asks, and the page stays. */
export async function staysAt(page: Page, menu: string): Promise<void> {
  const address = page.url();
  const asked = page.waitForEvent('dialog');
  const click = page.getByRole('navigation').getByRole('link', { name: menu, exact: true }).click({ noWaitAfter: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await click;
  expect(page.url()).toBe(address);
}

/** Nothing of the page is wider than the screen; tables scroll in their own place. */
export async function fits(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.clientWidth);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  const main = await page.locator('main').evaluate((main) => [main.scrollWidth, main.clientWidth]);
  expect(main[0]).toBeLessThanOrEqual(main[1]);
}
