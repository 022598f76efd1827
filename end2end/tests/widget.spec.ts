// The customer's window on a shop page (UX §1.2).
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Page, type Route } from '@playwright/test';
import { Colleague } from '../support/api';
import { openShop, Shop, signIn, WRITTEN } from '../support/pages';
import { freePort } from '../support/ports';
import { Proxy } from '../support/proxy';
import { Server } from '../support/server';
import { expect, test } from '../support/test';
import { watch } from '../support/watch';

const MODULE = '**/pkg/widget*.wasm';

/** Somebody answers on the desk. */
async function answer(server: Server, text: string): Promise<{ colleague: Colleague; chat: string }> {
  const colleague = await Colleague.signIn(server.origin, 'agent1');
  const chat = await colleague.waiting();
  await colleague.start(chat);
  await colleague.reply(chat, text);
  return { colleague, chat };
}

test('survives reload and page change, with the draft', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('첫 메시지');
  await shop.expectMessage('첫 메시지', 'sent');
  await shop.field.fill('쓰다 만 글');
  await page.reload();
  await shop.ready();
  await shop.expectMessage('첫 메시지', 'sent');
  await expect(shop.field).toHaveValue('쓰다 만 글');

  await page.getByRole('link', { name: '주문조회' }).click();
  await page.waitForURL(/order\.html/);
  await shop.ready();
  await shop.expectMessage('첫 메시지', 'sent');
  await expect(shop.field).toHaveValue('쓰다 만 글');
  await shop.field.press('Enter');
  await shop.expectMessage('쓰다 만 글', 'sent');
  await page.reload();
  await shop.ready();
  await expect(shop.field).toHaveValue('');
  expect(await shop.texts()).toEqual(['첫 메시지', '쓰다 만 글']);
});

test('two tabs of one visitor show the same', async ({ server, page, context }) => {
  const one = await openShop(page, server.origin);
  await one.open();
  await one.send('하나');
  await one.expectMessage('하나', 'sent');
  const two = await openShop(await context.newPage(), server.origin, '/demo/shop/cart.html');
  // The panel was open, so it opens here, too.
  await two.ready();
  await two.expectMessage('하나', 'sent');
  await two.send('둘');
  await one.expectMessage('둘', 'sent');
  await answer(server, '셋');
  for (const tab of [one, two]) await tab.expectMessage('셋', 'received');
  await one.send('넷');
  // A tab shows what the other one's outbox holds before the server has it.
  for (const tab of [one, two]) await tab.expectMessage('넷', /sent|delivered|seen/);
  expect(await one.shown()).toEqual(await two.shown());
  expect(await one.texts()).toEqual(['하나', '둘', '셋', '넷']);
  await two.end();
  for (const tab of [one, two]) await expect(tab.root.getByText('상담이 종료되었습니다').or(tab.root.getByText('대화를 종료했습니다')).first()).toBeVisible();
});

test('a second tab without a chat joins the one that the first begins', async ({ server, page, context }) => {
  const one = await openShop(page, server.origin);
  const two = await openShop(await context.newPage(), server.origin);
  await one.open();
  await two.open();
  await one.send('하나');
  await two.expectMessage('하나');
  await two.send('둘');
  // Not only what the other tab's outbox holds.
  for (const tab of [one, two]) await tab.expectMessage('둘', /sent|delivered|seen/);
  await two.expectMessage('하나', /sent|delivered|seen/);
  expect(await one.texts()).toEqual(await two.texts());
});

test('offline it says so, keeps what is written, and sends it later', async ({ server, page, context }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('앞');
  await shop.expectMessage('앞', 'sent');
  await context.setOffline(true);
  await expect(shop.root.getByText('연결이 끊겼어요')).toBeVisible();
  await shop.send('뒤 1');
  await shop.send('뒤 2');
  await shop.expectMessage('뒤 1', 'queued');
  await expect(shop.root.getByText('다시 연결되면 보내요')).toBeVisible();
  await shop.field.fill('초안');
  await context.setOffline(false);
  await shop.expectMessage('뒤 2', 'sent');
  await expect(shop.root.getByText('연결이 끊겼어요')).toBeHidden();
  await expect(shop.field).toHaveValue('초안');
  expect(await shop.texts()).toEqual(['앞', '뒤 1', '뒤 2']);
  expect((await shop.shown()).every((m) => m.seq !== null)).toBe(true);
});

test('what was written last stays in view, whatever appears above and below', async ({ server, page, context }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  for (let n = 1; n <= 12; n += 1) await shop.send(`줄 ${n}`);
  await shop.expectMessage('줄 12', 'sent');
  await context.setOffline(true);
  await shop.send('끊긴 뒤에');
  await expect(shop.root.getByText('연결이 끊겼어요')).toBeVisible();
  await expect(shop.root.getByText('다시 연결되면 보내요')).toBeInViewport({ ratio: 1 });
  await context.setOffline(false);
  await shop.expectMessage('끊긴 뒤에', 'sent');
  const { colleague, chat } = await answer(server, '길고 긴 답\n'.repeat(6));
  await colleague.reply(chat, '마지막 답');
  await expect(shop.message('마지막 답')).toBeInViewport({ ratio: 1 });
  await shop.field.fill('여\n러\n줄');
  await expect(shop.message('마지막 답')).toBeInViewport({ ratio: 1 });
});

test('a dead network without a word, then a reload: sent once', async ({ page }) => {
  const [port, doorPort] = [await freePort(), await freePort()];
  const door = await Proxy.start(doorPort, port);
  const server = await Server.start({ port, env: { PUBLIC_URL: door.origin } });
  try {
    const shop = await openShop(page, door.origin);
    await shop.open();
    await shop.send('앞');
    await shop.expectMessage('앞', 'sent');
    door.unplug();
    await shop.send('뒤');
    await shop.expectMessage('뒤', 'queued');
    await expect(shop.root.getByText('연결이 끊겼어요')).toBeVisible();
    door.up();
    await page.reload();
    await shop.ready();
    await shop.expectMessage('뒤', 'sent');
    expect(await shop.texts()).toEqual(['앞', '뒤']);
  } finally {
    await door.dispose();
    await server.dispose();
  }
});

test('what is typed before the module runs is kept and sent', async ({ server, page }) => {
  const held: Route[] = [];
  // A chat goes on, and the next page comes without its module for a while.
  const shop = await openShop(page, server.origin);
  await shop.open();
  await page.route(MODULE, (route) => void held.push(route));
  await page.reload();
  await shop.send('하나');
  await shop.send('둘', 'button');
  await expect(shop.root.getByText('하나')).toBeVisible();
  await shop.field.fill('셋');
  await expect.poll(() => held.length).toBeGreaterThan(0);
  for (const route of held) await route.continue();
  await page.unroute(MODULE);
  await shop.ready();
  await shop.expectMessage('둘', 'sent');
  expect(await shop.texts()).toEqual(['하나', '둘']);
  await expect(shop.field).toHaveValue('셋');
  await expect(shop.field).toBeFocused();
  await shop.field.press('Enter');
  await shop.expectMessage('셋', 'sent');
  expect(await shop.texts()).toEqual(['하나', '둘', '셋']);
});

test('a module that never comes: what was written is sent by the next page', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await page.route(MODULE, (route) => route.abort());
  await page.reload();
  await shop.send('하나');
  await expect(shop.root.getByText('하나')).toBeVisible();
  await page.unroute(MODULE);
  await page.reload();
  await shop.ready();
  await shop.expectMessage('하나', 'sent');
  expect(await shop.texts()).toEqual(['하나']);
});

test('with storage blocked it works as long as the page', async ({ server, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  const complaints = await watch(page);
  const held: Route[] = [];
  await page.route(MODULE, (route) => void held.push(route));
  const shop = await openShop(page, server.origin);
  await shop.approach();
  // Pressed before the module is there to say who this is.
  await shop.agree.click();
  await expect.poll(() => held.length).toBeGreaterThan(0);
  for (const route of held) await route.continue();
  await page.unroute(MODULE);
  await expect(shop.field).toBeFocused();
  await shop.send('먼저');
  await shop.expectMessage('먼저', 'sent');
  await shop.send('다음');
  await shop.expectMessage('다음', 'sent');
  expect(await shop.texts()).toEqual(['먼저', '다음']);
  expect(complaints).toEqual([]);
});

test('no cookie is set, on the host page or by the frame', async ({ server, page, context }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('안녕하세요');
  await shop.expectMessage('안녕하세요', 'sent');
  await shop.end();
  expect(await context.cookies()).toEqual([]);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('the host page is never moved: not by the launcher, not by the window', async ({ server, page }) => {
  await page.addInitScript(() => {
    (window as any).shifts = [];
    new PerformanceObserver((list) => (window as any).shifts.push(...list.getEntries().map((e) => (e as any).value))).observe({
      type: 'layout-shift',
      buffered: true,
    });
  });
  const shop = await openShop(page, server.origin);
  const size = () => page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
  const before = await size();
  await shop.open();
  await shop.closeButton.click();
  await expect(shop.panel).toBeHidden();
  expect(await size()).toEqual(before);
  // Entries are told after a frame is drawn.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  expect(await page.evaluate(() => (window as any).shifts)).toEqual([]);
});

test('the host page makes one request to us until the launcher is used', async ({ server, page }) => {
  const ours: string[] = [];
  let sockets = 0;
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith('/demo/') && !pathname.startsWith('/site/')) ours.push(pathname);
  });
  page.on('websocket', () => (sockets += 1));
  const shop = await openShop(page, server.origin);
  await page.waitForLoadState('networkidle');
  await shop.launcher.hover();
  await page.waitForLoadState('networkidle');
  expect(ours).toEqual(['/widget/demo.js']);
  expect(await page.evaluate(() => Object.keys(window).filter((name) => /damso|__/.test(name)))).toEqual(['damso']);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  expect(sockets).toBe(0);
  await shop.open();
  expect(ours.filter((path) => path === '/w/demo')).toHaveLength(1);
  await shop.send('안녕하세요');
  await shop.expectMessage('안녕하세요', 'sent');
  // The door's while it was shown, then the chat's.
  await expect.poll(() => sockets).toBe(2);
});

test('works under a strict policy without one violation', async ({ server, page }) => {
  const complaints = await watch(page);
  const shop = await openShop(page, server.origin, '/demo/strict');
  await shop.open();
  await shop.send('안녕하세요');
  await shop.expectMessage('안녕하세요', 'sent');
  await answer(server, '네, https://example.com/배송 을 보세요');
  await expect(shop.root.getByRole('link', { name: /example\.com/ })).toBeVisible();
  await shop.closeButton.click();
  await expect(shop.panel).toBeHidden();
  await shop.open();
  await shop.end();
  expect(complaints).toEqual([]);
  // Else nothing would have been noticed.
  await page.evaluate(() => void document.body.append(Object.assign(document.createElement('style'), { textContent: 'x{}' })));
  await expect.poll(() => complaints.length).toBeGreaterThan(0);
});

test('only allowed origins may frame it', async ({ server, page }) => {
  const foreign = http.createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    if (request.url === '/loader') response.end(`<!doctype html><title>x</title><body><script async src="${server.origin}/widget/demo.js"></script>`);
    else response.end(`<!doctype html><title>x</title><iframe src="${server.origin}${request.url}"></iframe>`);
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
  try {
    for (const path of ['/w/demo?frame=1', '/w/demo', '/login', '/console']) {
      const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
      await page.goto(origin + path);
      await refused;
      expect(page.frames()[1].url(), path).toContain('chrome-error');
    }
    // The loader on such a page says that it cannot connect.
    await page.goto(`${origin}/loader`);
    await page.getByRole('button', { name: '채팅 상담 열기' }).click();
    await expect(page.getByText('연결할 수 없습니다')).toBeVisible();
  } finally {
    foreign.close();
  }
});

test('a frame that does not answer: 연결할 수 없습니다, and another try', async ({ server, page }) => {
  let silent = true;
  await page.route(/\/w\/demo\?frame=1/, (route) => void (silent || route.continue()));
  const shop = await openShop(page, server.origin);
  await shop.launcher.click();
  const since = Date.now();
  const failure = shop.host.getByRole('alert');
  await expect(failure).toContainText('연결할 수 없습니다');
  const took = Date.now() - since;
  expect(took).toBeGreaterThan(3_500);
  expect(took).toBeLessThan(8_000);
  await failure.getByRole('button', { name: '채팅 상담 닫기' }).click();
  await expect(shop.panel).toBeHidden();
  await expect(shop.launcher).toBeFocused();
  await shop.launcher.click();
  silent = false;
  await failure.getByRole('button', { name: '다시 시도' }).click();
  await shop.ready();
  await expect(failure).toBeHidden();
  await shop.send('됐다');
  await shop.expectMessage('됐다', 'sent');
});

test('✕ only closes; news are counted in the name of the launcher', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('질문');
  await shop.expectMessage('질문', 'sent');
  await shop.closeButton.click();
  await expect(shop.panel).toBeHidden();
  await expect(shop.launcher).toBeFocused();
  const { colleague, chat } = await answer(server, '답 1');
  await expect(shop.launcherNamed('채팅 상담 열기, 새 메시지 1개')).toBeVisible();
  await colleague.reply(chat, '답 2');
  await expect(shop.launcherNamed('채팅 상담 열기, 새 메시지 2개')).toBeVisible();
  // Also on the next page, which has not been opened.
  await page.getByRole('link', { name: '주문조회' }).click();
  await page.waitForURL(/order\.html/);
  await expect(shop.launcherNamed('채팅 상담 열기, 새 메시지 2개')).toBeVisible();
  await expect(shop.panel).toBeHidden();
  await shop.open();
  expect(await shop.texts()).toEqual(['질문', '답 1', '답 2']);
  await shop.closeButton.click();
  await expect(shop.launcherNamed('채팅 상담 열기')).toBeVisible();
});

test('Escape closes and gives the focus back; dialogs have their own Escape', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  await shop.launcher.focus();
  await page.keyboard.press('Enter');
  await shop.ready();
  await expect(shop.field).toBeFocused();
  await shop.send('하나');
  await shop.expectMessage('하나', 'sent');
  await shop.endButton.click();
  await expect(shop.root.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(shop.root.getByRole('dialog')).toBeHidden();
  await expect(shop.panel).toBeVisible();
  await shop.field.focus();
  await page.keyboard.press('Escape');
  await expect(shop.panel).toBeHidden();
  await expect(shop.launcher).toBeFocused();
});

test('a message beyond the limit stays in the field and is explained', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  const long = '가'.repeat(8_001);
  await shop.field.fill(long);
  await shop.sendButton.click();
  await expect(shop.root.getByText(/자까지 보낼 수 있어요/)).toBeVisible();
  await expect(shop.field).toHaveValue(long);
  expect(await shop.texts()).toEqual([]);
});

test('markup is text, links are links', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  const evil = '<img src=x onerror=alert(1)> javascript:alert(1) https://example.com/a?b=1';
  await shop.send(evil);
  const message = shop.message('onerror');
  await expect(message).toHaveText(evil);
  await expect(message.locator('img')).toHaveCount(0);
  const links = message.getByRole('link');
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute('href', 'https://example.com/a?b=1');
  await expect(links).toHaveAttribute('rel', /noopener/);
  await expect(links).toHaveAttribute('target', '_blank');
});

test('the second inclusion of the script does nothing but warn', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  const warned = page.waitForEvent('console', (message) => message.type() === 'warning' && /twice/.test(message.text()));
  await page.evaluate(() => void document.head.append(Object.assign(document.createElement('script'), { src: '/widget/demo.js' })));
  await warned;
  await expect(shop.host).toHaveCount(1);
});

test.describe('by itself, without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the page works by its forms', async ({ server, page, context }) => {
    const root = { field: page.getByRole('textbox', { name: '메시지' }), send: page.getByRole('button', { name: '보내기', exact: true }) };
    await page.goto(`${server.origin}/demo/shop`);
    await page.getByRole('link', { name: '채팅 상담' }).click();
    await page.waitForURL(/\/w\/demo/);
    await page.getByRole('button', { name: '동의하고 상담 시작' }).click();
    await root.field.fill('스크립트 없이');
    await root.send.click();
    await expect(page.locator(WRITTEN)).toHaveText(['스크립트 없이']);
    // Post, redirect, get: a reload sends nothing again.
    await page.reload();
    await root.field.fill('둘째');
    await root.send.click();
    await expect(page.locator(WRITTEN)).toHaveText(['스크립트 없이', '둘째']);
    await answer(server, '답장');
    await page.getByRole('link', { name: '새로고침' }).click();
    await expect(page.locator(WRITTEN)).toHaveText(['스크립트 없이', '둘째', '답장']);
    await page.getByRole('button', { name: '대화 종료' }).click();
    await expect(page.getByText('대화를 종료했습니다')).toBeVisible();
    await expect(page.getByRole('button', { name: '대화 종료' })).toBeHidden();
    const cookies = await context.cookies();
    expect(cookies.map((c) => [c.name, c.httpOnly, c.secure, c.sameSite])).toEqual([['__Host-damso-visitor-demo', true, true, 'Lax']]);
  });
});

test('by itself, with script, it goes on by the cookie', async ({ server, page, context }) => {
  const complaints = await watch(page);
  await page.goto(`${server.origin}/w/demo`);
  const field = page.getByRole('textbox', { name: '메시지' });
  await page.getByRole('button', { name: '동의하고 상담 시작' }).click();
  await field.fill('혼자 열린 창');
  await field.press('Enter');
  const messages = page.locator(WRITTEN);
  await expect(messages).toHaveText(['혼자 열린 창']);
  await expect(messages).toHaveAttribute('data-state', 'sent');
  await answer(server, '답장');
  await expect(messages).toHaveText(['혼자 열린 창', '답장']);
  await page.reload();
  await expect(messages).toHaveText(['혼자 열린 창', '답장']);
  await field.fill('또');
  await field.press('Enter');
  await expect(messages).toHaveText(['혼자 열린 창', '답장', '또']);
  expect((await context.cookies()).every((c) => c.httpOnly)).toBe(true);
  expect(complaints).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true });

  async function expectWithin(shop: Shop, page: Page, top: number, bottom: number): Promise<void> {
    await expect
      .poll(async () => {
        const box = await shop.sendButton.boundingBox();
        return !!box && box.y >= top && box.y + box.height <= bottom;
      })
      .toBe(true);
    const field = await shop.field.boundingBox();
    expect(field!.y).toBeGreaterThanOrEqual(top);
  }

  test('it fills the screen, the keyboard hides nothing, Back closes', async ({ server, page }) => {
    await page.goto(`${server.origin}/demo/shop/cart.html`);
    const shop = await openShop(page, server.origin);
    const target = await shop.launcher.boundingBox();
    expect(Math.min(target!.width, target!.height)).toBeGreaterThanOrEqual(44);
    await shop.launcher.tap();
    await shop.ready();
    await expect(shop.launcher).toBeHidden();
    expect(await shop.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
    await expect(shop.panel).toHaveAttribute('aria-modal', 'true');
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).toBe('hidden');
    await expectWithin(shop, page, 0, 640);
    const size = await shop.field.evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
    expect(size, 'iOS zooms into smaller fields').toBeGreaterThanOrEqual(16);
    for (let n = 1; n <= 8; n += 1) await shop.send(`메시지 ${n}\n둘째 줄`);
    await shop.expectMessage('메시지 8', 'sent');

    // A keyboard that shrinks the layout (Android).
    await page.setViewportSize({ width: 360, height: 360 });
    await expectWithin(shop, page, 0, 360);
    await expect(shop.message('메시지 8')).toBeInViewport();
    await page.setViewportSize({ width: 360, height: 640 });
    // A keyboard that shrinks and moves only the visual viewport (iOS).
    await page.evaluate(() => {
      const view = window.visualViewport!;
      Object.defineProperty(view, 'height', { value: 340, configurable: true });
      Object.defineProperty(view, 'offsetTop', { value: 60, configurable: true });
      view.dispatchEvent(new Event('resize'));
    });
    expect(await shop.panel.boundingBox()).toEqual({ x: 0, y: 60, width: 360, height: 340 });
    await expectWithin(shop, page, 60, 400);
    await expect(shop.message('메시지 8')).toBeInViewport();
    await page.evaluate(() => {
      const view = window.visualViewport! as any;
      delete view.height;
      delete view.offsetTop;
      view.dispatchEvent(new Event('resize'));
    });

    // Back closes the panel and stays on the page; another Back leaves it.
    await page.goBack();
    await expect(shop.panel).toBeHidden();
    await expect(shop.launcher).toBeVisible();
    expect(new URL(page.url()).pathname).toBe('/demo/shop/');
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).not.toBe('hidden');
    // ✕ leaves no step behind in the history either.
    await shop.launcher.tap();
    await shop.ready();
    await shop.closeButton.tap();
    await expect(shop.panel).toBeHidden();
    await expect.poll(() => page.evaluate(() => history.state?.damso ?? 0)).toBe(0);
    await page.goBack();
    await page.waitForURL(/cart\.html/);
  });
});

test('a page that is put aside has no socket; what came meanwhile is there afterwards', async ({ server, page }) => {
  const open = new Set<unknown>();
  page.on('websocket', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('하나');
  await shop.expectMessage('하나', 'sent');
  // The chat's line, and the door's: who waits is told when nobody is left.
  await expect.poll(() => open.size).toBe(2);
  const html = shop.root.locator('html');
  await html.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await expect.poll(() => open.size).toBe(0);
  await answer(server, '둘');
  expect(await shop.texts()).toEqual(['하나']);
  await html.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await shop.expectMessage('둘');
  await expect.poll(() => open.size).toBe(1);
});

test('the shop with an open chat goes into the back/forward cache', async ({ server, launchOptions }) => {
  // Playwright turns that cache off.
  const browser = await chromium.launch({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  try {
    const page = await browser.newPage({ locale: 'ko-KR' });
    const shop = await openShop(page, server.origin);
    await shop.open();
    await shop.send('하나');
    await shop.expectMessage('하나', 'sent');
    await page.evaluate(() => {
      (window as any).stayed = 'the same document';
      addEventListener('pageshow', (event) => ((window as any).restored = event.persisted));
    });
    await page.goto(`${server.origin}/demo/shop/cart.html`);
    await answer(server, '둘');
    await page.evaluate(() => history.back());
    await page.waitForURL(/\/demo\/shop\/$/, { waitUntil: 'commit' });
    await expect
      .poll(
        () =>
          page.evaluate(() => {
            const reasons = (performance.getEntriesByType('navigation')[0] as any).notRestoredReasons;
            return (window as any).restored === true || JSON.stringify(reasons);
          }),
        { timeout: 5_000 },
      )
      .toBe(true);
    // Playwright loses sight of frames that come out of the cache: look from the page.
    const texts = () =>
      page.evaluate(() => {
        const frame = document.querySelector('damso-chat')!.shadowRoot!.querySelector('iframe')!;
        return Array.from(frame.contentDocument!.querySelectorAll('[role=log] [data-seq]:not([data-seq="2"])'), (e) => e.textContent);
      });
    expect((await texts())[0]).toBe('하나');
    await expect.poll(texts).toEqual(['하나', '둘']);
  } finally {
    await browser.close();
  }
});

test('commands of the host page', async ({ server, page }) => {
  const shop = await openShop(page, server.origin);
  const call = (...words: unknown[]) => page.evaluate((words) => (window as any).damso(...words), words);
  await page.evaluate(() => {
    (window as any).heard = [];
    for (const name of ['open', 'close', 'unread']) (window as any).damso('on', name, (n: unknown) => (window as any).heard.push([name, n ?? null]));
  });
  await call('hide');
  await expect(shop.launcher).toBeHidden();
  await call('show');
  await expect(shop.launcher).toBeVisible();
  await call('open');
  await shop.ready();
  await shop.send('비밀 이야기');
  await shop.expectMessage('비밀 이야기', 'sent');
  await call('locale', 'en');
  await expect(shop.root.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await call('locale', 'ko');
  await shop.ready();
  await call('close');
  await expect(shop.panel).toBeHidden();
  await answer(server, '답');
  await expect.poll(() => page.evaluate(() => (window as any).heard)).toEqual([['open', null], ['close', null], ['unread', 1]]);
  // The next person at this computer sees nothing of it.
  await call('logout');
  await call('open');
  await expect(shop.agree).toBeVisible();
  await page.reload();
  await expect(shop.agree).toBeVisible();
  expect(await shop.texts()).toEqual([]);
  await call('shutdown');
  await expect(shop.host).toHaveCount(0);
});

test('a visitor whom the server does not know any more begins anew without losing a word', async ({ server, page }) => {
  await page.addInitScript(() => {
    if (!localStorage.getItem('damso:demo')) localStorage.setItem('damso:demo', JSON.stringify({ token: 'A'.repeat(43), live: 1 }));
  });
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('아무도 나를 모른다');
  await shop.expectMessage('아무도 나를 모른다', 'sent');
  const desk = await signIn(await page.context().newPage(), server.origin);
  await expect(desk.tab('waiting', 1)).toBeVisible();
});
