// The commands and events of the host page (/developers), who its customer is, and the page
// to try them on.
import { createHmac } from 'node:crypto';
import { request, type Page, type Request } from '@playwright/test';
import { Colleague } from '../support/api';
import { openShop, Shop, signIn } from '../support/pages';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import { watch } from '../support/watch';

const EVENTS = ['ready', 'open', 'close', 'unread', 'message', 'start', 'end', 'status', 'error'];
const STUB = 'window.damso = window.damso || function () { (damso.q = damso.q || []).push(arguments) };';

/** Says it as the host page would. */
async function call(page: Page, ...words: unknown[]): Promise<void> {
  await page.evaluate((words) => (window as any).damso(...words), words);
}

/** Writes down every event from here on. */
async function listen(page: Page): Promise<void> {
  await page.evaluate((names) => {
    (window as any).heard = [];
    for (const name of names) {
      (window as any).damso('on', name, (...values: unknown[]) => (window as any).heard.push([name, ...values.filter((value) => value !== undefined)]));
    }
  }, EVENTS);
}

async function heard(page: Page): Promise<unknown[][]> {
  return page.evaluate(() => (window as any).heard);
}

/** It comes, sooner or later. */
async function expectHeard(page: Page, ...event: unknown[]): Promise<void> {
  await expect.poll(() => heard(page)).toContainEqual(event);
}

/** A page of the server's own origin with this in its body, under no policy. */
async function host(page: Page, server: Server, body: string): Promise<Shop> {
  const html = `<!doctype html><html lang="ko"><title>가게</title><body>${body}`;
  await page.route('**/host.html', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
  await page.goto(`${server.origin}/host.html`);
  return new Shop(page);
}

/** Requests that the frame makes of who the customer is. */
function asks(page: Page, what: 'identify' | 'data'): Request[] {
  const found: Request[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === `/api/visitor/${what}`) found.push(request);
  });
  return found;
}

/** The secret of a new key of the demo's service. */
async function makeKey(origin: string): Promise<string> {
  const http = await request.newContext();
  const signedIn = await http.post(`${origin}/api/accounts/sign-in`, { data: { email: 'owner@example.com', password: 'damso-demo' }, headers: { origin } });
  const cookie = signedIn.headers()['set-cookie'].split(';')[0];
  const made = await http.post(`${origin}/api/settings/identity/make`, { data: {}, headers: { origin, cookie } });
  if (!made.ok()) throw new Error(`settings/identity/make: ${made.status()} ${await made.text()}`);
  return ((await made.json()) as { secret: string }).secret;
}

function jwt(secret: string, sub: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, name: '김회원', exp: Math.floor(Date.now() / 1000) + 3_600 })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

/** Tokens in the storage of the host page and of the frame, which are of one origin here. */
async function storedTokens(page: Page): Promise<(string | null)[]> {
  return page.evaluate(() => [JSON.parse(localStorage.getItem('damso:demo') ?? '{}').token ?? null, localStorage.getItem('damso-token:demo')]);
}

async function answer(server: Server, text: string): Promise<{ colleague: Colleague; chat: string }> {
  const colleague = await Colleague.signIn(server.origin, 'agent1');
  const chat = await colleague.waiting();
  await colleague.start(chat);
  await colleague.reply(chat, text);
  return { colleague, chat };
}

test('boot applies options, shutdown removes everything, boot brings it back', async ({ server, page }) => {
  await openShop(page, server.origin);
  await listen(page);
  await call(page, 'boot', { locale: 'en', theme: 'dark', hidden: true });
  const shop = new Shop(page, 'en');
  await expect(shop.launcher).toBeHidden();
  await call(page, 'boot', { hidden: false });
  await shop.open();
  await expect(shop.root.locator('html')).toHaveAttribute('data-theme', 'dark');
  await shop.send('before');
  await shop.expectMessage('before', 'sent');
  await call(page, 'shutdown');
  await expect(shop.host).toHaveCount(0);
  await expectHeard(page, 'close');
  // Nothing opens while it is away.
  await call(page, 'open');
  await expect(shop.host).toHaveCount(0);
  const before = (await heard(page)).filter(([name]) => name === 'ready').length;
  await call(page, 'boot', {});
  await expect(shop.launcherNamed('Open chat')).toBeVisible();
  await expect(shop.host).toHaveCount(1);
  expect((await heard(page)).filter(([name]) => name === 'ready')).toHaveLength(before + 1);
  await expect(shop.panel).toBeHidden();
  await shop.open();
  await shop.expectMessage('before', 'sent');
  await expect(shop.root.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('what a page asks wrongly is a warning and stops nothing', async ({ server, page }) => {
  const complaints = await watch(page);
  const shop = await openShop(page, server.origin);
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  await call(page, 'dance');
  await call(page, 'boot', { colour: 'red' });
  await call(page, 'theme', 'pink');
  await call(page, 'locale', 'fr');
  await call(page, 'launcher', '#(');
  await call(page, 'identify', 42);
  await call(page, 'set', 'cart');
  await call(page, 'on', 'open', 'not a function');
  expect(warnings).toHaveLength(8);
  expect(warnings.every((text) => text.startsWith('damso:'))).toBe(true);
  await shop.open();
  expect(complaints).toEqual([]);
});

test('with data-manual nothing happens before the first boot', async ({ server, page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const shop = await host(page, server, `<script>${STUB} damso('locale', 'en')</script><script async data-manual src="/widget/demo.js"></script>`);
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  await expect(shop.host).toHaveCount(0);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  await call(page, 'boot');
  // What was asked for before counts.
  await expect(shop.launcherNamed('Open chat')).toBeVisible();
  expect(asked.filter((path) => path.startsWith('/w'))).toEqual(['/widget/demo.js']);
});

test('boot from the queue starts a manual script', async ({ server, page }) => {
  const shop = await host(page, server, `<script>${STUB} damso('boot', { theme: 'light' })</script><script async data-manual src="/widget/demo.js"></script>`);
  await shop.open();
  await expect(shop.root.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('the theme is there from the first drawing, and changes without a reload', async ({ server, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const drawn = page.waitForResponse(/\/w\/demo\?frame=1/);
  const shop = await host(page, server, `<script>${STUB} damso('theme', 'dark'); damso('open')</script><script async src="/widget/demo.js"></script>`);
  expect(await (await drawn).text()).toContain('data-theme="dark"');
  await shop.ready();
  const scheme = () => shop.root.locator('html').evaluate((html) => getComputedStyle(html).colorScheme);
  const own = () => shop.host.evaluate((element) => getComputedStyle(element).colorScheme);
  expect([await scheme(), await own()]).toEqual(['dark', 'dark']);
  await call(page, 'theme', 'light');
  await expect.poll(scheme).toBe('light');
  expect(await own()).toBe('light');
  await call(page, 'theme', 'auto');
  await expect.poll(scheme).toBe('light dark');
  expect(await own()).toBe('light dark');
});

test('a launcher of the page, also one that comes later', async ({ server, page }) => {
  const shop = await host(page, server, `<button class="chat" id="one">상담하기</button><main></main><script async src="/widget/demo.js"></script>`);
  await expect(shop.launcher).toBeVisible();
  const one = page.locator('#one');
  const two = page.locator('#two');
  await call(page, 'launcher', '.chat');
  await expect(shop.launcher).toBeHidden();
  await expect(one).toHaveAttribute('aria-expanded', 'false');
  await one.click();
  await shop.ready();
  await expect(one).toHaveAttribute('aria-expanded', 'true');
  await shop.closeButton.click();
  await expect(shop.panel).toBeHidden();
  await expect(one).toHaveAttribute('aria-expanded', 'false');
  await expect(one).toBeFocused();

  await page.evaluate(() => {
    document.querySelector('main')!.innerHTML = '<p><a class="chat" id="two" href="/nowhere"><b>채팅</b></a></p>';
  });
  await expect(two).toHaveAttribute('aria-expanded', 'false');
  await two.locator('b').click();
  await expect(shop.panel).toBeVisible();
  await expect(two).toHaveAttribute('aria-expanded', 'true');
  await expect(one).toHaveAttribute('aria-expanded', 'true');
  await two.click();
  await expect(shop.panel).toBeHidden();
  expect(new URL(page.url()).pathname, 'no link is followed').toBe('/host.html');

  await call(page, 'launcher', null);
  await expect(shop.launcher).toBeVisible();
  await expect(one).not.toHaveAttribute('aria-expanded');
  await one.click();
  await expect(shop.panel).toBeHidden();
});

test('events tell what happens and never what is written', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  await listen(page);
  await shop.approach();
  await expectHeard(page, 'open');
  await expectHeard(page, 'status', true);
  await shop.ready();
  await expectHeard(page, 'start');
  await shop.send('비밀 질문');
  await shop.expectMessage('비밀 질문', 'sent');
  const { colleague, chat } = await answer(server, '비밀 대답');
  await expectHeard(page, 'message');
  await shop.closeButton.click();
  await expectHeard(page, 'close');
  await colleague.reply(chat, '비밀 추신');
  await expectHeard(page, 'unread', 1);
  const messages = async () => (await heard(page)).filter(([name]) => name === 'message').length;
  const before = await messages();
  // What was there already is no news on the next page.
  await page.reload();
  await listen(page);
  await expect(shop.launcherNamed('채팅 상담 열기, 새 메시지 1개')).toBeVisible();
  expect(before).toBeGreaterThanOrEqual(2);
  expect(await messages()).toBe(0);
  expect((await heard(page)).filter(([name]) => name === 'start' || name === 'end')).toEqual([]);
  await colleague.end(chat);
  await expectHeard(page, 'end');
  expect(JSON.stringify(await heard(page))).not.toContain('비밀');
});

test.describe('with nobody at the desk', () => {
  test.use({ serverOptions: { unstaffed: true } });

  test('status says that no chat can be started', async ({ server, page }) => {
    const shop = await openShop(page, server.origin);
    await listen(page);
    await shop.approach();
    await expectHeard(page, 'status', false);
  });
});

test('a frame that does not answer is an error of the connection', async ({ server, page }) => {
  await page.route(/\/w\/demo\?frame=1/, () => undefined);
  const shop = await openShop(page, server.origin);
  await listen(page);
  await shop.approach();
  await expectHeard(page, 'error', { code: 'connection' });
});

test('a customer whom the page names goes on elsewhere, and is kept nowhere', async ({ server, page, person }) => {
  const secret = await makeKey(server.origin);
  const shop = await openShop(page, server.origin);
  await call(page, 'identify', jwt(secret, 'member-1'));
  await shop.open();
  await shop.send('회원입니다');
  await shop.expectMessage('회원입니다', 'sent');
  expect(await storedTokens(page)).toEqual([null, null]);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('eyJ');

  // The desk reads whose word it is, beside the chat.
  const agent = await person();
  const desk = await signIn(agent, server.origin, 'agent1');
  await desk.openRow();
  const info = agent.getByRole('region', { name: '고객정보' });
  await expect(info.getByRole('definition').filter({ hasText: 'member-1' })).toContainText('인증');
  await expect(info.getByRole('definition').filter({ hasText: '김회원' })).toContainText('인증');

  const elsewhere = await person({ locale: 'ko-KR' });
  const there = await openShop(elsewhere, server.origin);
  await call(elsewhere, 'boot', { identity: { token: jwt(secret, 'member-1') } });
  await there.approach();
  await there.expectMessage('회원입니다');

  // The next page must say it again, and the next person does not.
  await page.reload();
  await call(page, 'identify', jwt(secret, 'member-1'));
  await shop.expectMessage('회원입니다');
  await call(page, 'logout');
  await expect(shop.agree).toBeVisible();
  await page.reload();
  await expect(shop.launcher).toBeVisible();
  await call(page, 'open');
  await expect(shop.agree).toBeVisible();
  expect(await shop.texts()).toEqual([]);
});

test('a running chat of nobody in particular is never taken away', async ({ server, page }) => {
  const secret = await makeKey(server.origin);
  const [identify, data] = [asks(page, 'identify'), asks(page, 'data')];
  const shop = await openShop(page, server.origin);
  await listen(page);
  await shop.open();
  await shop.send('익명 질문');
  await shop.expectMessage('익명 질문', 'sent');
  const [anonymous] = await storedTokens(page);
  expect(anonymous).toBeTruthy();
  await call(page, 'identify', jwt(secret, 'member-2'));
  await shop.send('이어서');
  await shop.expectMessage('이어서', 'sent');
  expect(await shop.texts()).toEqual(['익명 질문', '이어서']);
  expect(identify).toHaveLength(0);
  // Not on the next page either.
  await page.reload();
  await call(page, 'identify', jwt(secret, 'member-2'));
  await listen(page);
  await shop.ready();
  await shop.expectMessage('이어서', 'sent');
  expect(identify).toHaveLength(0);
  await shop.end();
  await expect.poll(() => identify.length).toBe(1);
  await expect(shop.agree).toBeVisible();
  expect((await heard(page)).filter(([name]) => name === 'error')).toEqual([]);

  // Who he was before is not forgotten by that.
  expect(await storedTokens(page)).toEqual([anonymous, anonymous]);
  await call(page, 'set', { page: 'cart' });
  // However often it was sent: to the member alone.
  await expect.poll(() => data.length).toBeGreaterThan(0);
  expect(data.map((request) => request.headers().authorization)).not.toContain(`Bearer ${anonymous}`);
  await call(page, 'identify', null);
  await expect.poll(() => data.at(-1)!.headers().authorization).toBe(`Bearer ${anonymous}`);
  expect((await heard(page)).filter(([name]) => name === 'error')).toEqual([]);
});

test('a token that is not accepted is an error, and the customer stays anonymous', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  await listen(page);
  await call(page, 'identify', 'not.a.token');
  await shop.open();
  await expectHeard(page, 'error', { code: 'identity' });
  await shop.send('익명으로');
  await shop.expectMessage('익명으로', 'sent');
});

test('what the shop says of its customer waits until there is one', async ({ server, page }) => {
  const data = asks(page, 'data');
  const shop = await openShop(page, server.origin);
  await listen(page);
  await call(page, 'set', { cart: 3, coupon: null });
  await shop.approach();
  await shop.alive();
  await expect(shop.agree).toBeVisible();
  expect(data, 'data alone makes no visitor').toHaveLength(0);
  expect(await storedTokens(page)).toEqual([null, null]);
  await shop.ready();
  await expect.poll(() => data.length).toBeGreaterThan(0);
  expect(data[0].postDataJSON()).toEqual({ request: { widget: 'demo', data: { cart: '3', coupon: null } } });
  expect((await data[0].response())!.status()).toBe(200);
  await call(page, 'set', { coupon: 'SPRING' });
  await expect.poll(() => data.at(-1)!.postDataJSON().request.data).toEqual({ cart: '3', coupon: 'SPRING' });
  expect((await data.at(-1)!.response())!.status()).toBe(200);
  expect((await heard(page)).filter(([name]) => name === 'error')).toEqual([]);
});

test('the test page carries the real snippet and writes its events down', async ({ server, page }) => {
  const complaints = await watch(page);
  await signIn(page, server.origin);
  await page.goto(`${server.origin}/try/demo?lang=ko`);
  const shop = new Shop(page);
  const log = page.getByRole('log', { name: '이벤트 기록' });
  await expect(log).toContainText('ready');
  await page.getByRole('button', { name: '열기', exact: true }).click();
  await shop.ready();
  await expect(log).toContainText('status  true');
  await expect(log).toContainText('start');
  await page.getByRole('button', { name: '모양: 어둡게' }).click();
  await expect(shop.root.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: '닫기', exact: true }).click();
  await expect(shop.panel).toBeHidden();
  await page.getByRole('button', { name: '직접 만든 버튼 쓰기' }).click();
  await expect(shop.launcher).toBeHidden();
  await page.getByRole('button', { name: '직접 만든 버튼', exact: true }).click();
  await expect(shop.panel).toBeVisible();
  expect(complaints).toEqual([]);
});

test('the developer page fits a phone', async ({ server, page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  for (const lang of ['ko', 'en']) {
    await page.goto(`${server.origin}/developers?lang=${lang}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  }
});
