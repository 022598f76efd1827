// 서비스 관리 → 채팅: what customers read, who gets a chat, and the code for the site.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { openShop, signIn } from '../support/pages';
import { expect, test } from '../support/test';
import type { Lang } from '../support/words';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PAGES = ['chat', 'routing', 'widget'] as const;

/** Opens a page of 서비스 관리 and waits until it is alive. */
async function visit(page: Page, origin: string, name: (typeof PAGES)[number], lang: Lang = 'ko'): Promise<void> {
  // The page's parts come alive one after the other; when the server has answered on the line, all have.
  // Begun on an empty page, so that only a line of the new document is heard.
  await page.goto('about:blank');
  const line = new Promise<void>((alive) => page.once('websocket', (socket) => socket.once('framereceived', () => alive())));
  await page.goto(`${origin}/settings/${name}?lang=${lang}`);
  await line;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

async function admin(page: Page, origin: string, name: (typeof PAGES)[number], lang: Lang = 'ko'): Promise<void> {
  await signIn(page, origin, 'owner', lang);
  await visit(page, origin, name, lang);
}

const save = (page: Page) => page.getByRole('button', { name: '저장', exact: true });
const bar = (page: Page) => page.getByText('저장하지 않은 변경이 있습니다.');
const preview = (page: Page) => page.locator('.shown');

/** Saves, and waits until it is done. */
async function saveDone(page: Page): Promise<void> {
  await save(page).click();
  await expect(page.getByText('저장했습니다.', { exact: true })).toBeVisible();
  await expect(bar(page)).toBeHidden();
}

/** Whether a click on a link of the menu is asked about; the answer is to stay. */
async function asksBeforeLeaving(page: Page): Promise<string> {
  const asked = page.waitForEvent('dialog');
  const clicked = page.getByRole('link', { name: '대기열 관리' }).click({ noWaitAfter: true }).catch(() => undefined);
  const dialog = await asked;
  const kind = dialog.type();
  await dialog.dismiss();
  await clicked;
  return kind;
}

test('the preview follows the texts, and what is saved is there again', async ({ server, page }) => {
  await admin(page, server.origin, 'chat');
  const shown = preview(page);
  await expect(shown).toContainText('동의하고 상담 시작');
  await expect(shown).toContainText('보유 기간: 3년');
  await page.getByLabel('인사말 (한국어)').fill('어서 오세요 </textarea><img src=x onerror=alert(1)>\n무엇이 필요하세요?');
  await expect(shown).toContainText('어서 오세요 </textarea><img src=x onerror=alert(1)>');
  await expect(shown).toContainText('무엇이 필요하세요?');

  // The preview goes where the text is written.
  await page.getByLabel('운영시간 외 안내 (한국어)').fill('내일 다시 열어요');
  await expect(page.getByRole('tab', { name: '운영시간 외' })).toHaveAttribute('aria-selected', 'true');
  await expect(shown).toContainText('내일 다시 열어요');
  await expect(shown).toContainText('문의하기');

  // Another language; one without words falls back.
  await page.getByRole('radio', { name: 'English' }).check();
  await expect(shown).toContainText('We are closed right now.');
  await expect(shown).toContainText('Contact us');
  await page.getByLabel('운영시간 외 안내 (영어)').fill('  ');
  await expect(shown).toContainText('내일 다시 열어요');
  await expect(shown).toHaveAttribute('lang', 'en');

  // By keyboard to the first tab: consent and what is asked.
  await page.getByRole('tab', { name: '운영시간 외' }).focus();
  await page.keyboard.press('Home');
  await expect(shown).toContainText('Agree and start chat');
  await expect(page.getByRole('img', { name: '채팅 창 미리보기: English, 밝게, 상담 가능' })).toBeVisible();
  await page.getByRole('group', { name: '이메일' }).getByRole('radio', { name: '필수' }).check();
  await page.getByRole('group', { name: '전화번호' }).getByRole('radio', { name: '선택' }).check();
  await expect(shown).toContainText('Email *');
  await expect(shown).toContainText('Phone (optional)');
  await expect(shown).not.toContainText('Name');

  // Dark, whatever the page is.
  const colour = () => shown.evaluate((box) => getComputedStyle(box).backgroundColor);
  const light = await colour();
  await page.getByRole('radio', { name: '어둡게' }).check();
  await expect.poll(colour).not.toBe(light);

  await page.getByRole('tab', { name: '종료' }).click();
  await expect(shown).toContainText('Good');
  await page.getByRole('switch', { name: '만족도 평가 사용' }).click();
  await expect(shown).not.toContainText('Good');

  await saveDone(page);
  await page.reload();
  await expect(page.getByLabel('인사말 (한국어)')).toHaveValue('어서 오세요 </textarea><img src=x onerror=alert(1)>\n무엇이 필요하세요?');
  await expect(page.getByLabel('운영시간 외 안내 (영어)')).toHaveValue('');
  await expect(page.getByRole('group', { name: '이메일' }).getByRole('radio', { name: '필수' })).toBeChecked();
  await expect(page.getByRole('switch', { name: '만족도 평가 사용' })).not.toBeChecked();
  await expect(page.locator('main img')).toHaveCount(0);
  await expect(bar(page)).toBeHidden();
});

test('texts are counted near their limit, and problems stand beside them', async ({ server, page }) => {
  await admin(page, server.origin, 'chat');
  const greeting = page.getByLabel('인사말 (한국어)');
  await greeting.fill('가'.repeat(899));
  await expect(page.getByText('899 / 1000자')).toBeHidden();
  await greeting.fill('가'.repeat(1001));
  await expect(page.getByText('1001 / 1000자')).toBeVisible();
  await page.getByLabel('종료 안내 (한국어)').fill('');
  await page.getByLabel('종료 안내 (영어)').fill(' ');
  await save(page).click();
  await expect(greeting).toHaveAttribute('aria-invalid', 'true');
  await expect(greeting).toHaveAccessibleDescription('너무 깁니다.');
  await expect(greeting).toBeFocused();
  await expect(page.getByLabel('종료 안내 (한국어)')).toHaveAccessibleDescription('입력해 주세요.');
  await expect(page.getByLabel('종료 안내 (영어)')).not.toHaveAttribute('aria-invalid');
  // All of it can be taken back.
  await page.getByRole('button', { name: '되돌리기' }).click();
  await expect(greeting).toHaveValue(/^안녕하세요/);
  await expect(bar(page)).toBeHidden();
});

test('the second of two admins is told who was first, and decides', async ({ server, page, person }) => {
  await admin(page, server.origin, 'chat');
  const other = await person();
  await admin(other, server.origin, 'chat');
  await other.getByLabel('인사말 (한국어)').fill('먼저 바꾼 인사말');
  await other.getByRole('group', { name: '이름' }).getByRole('radio', { name: '선택' }).check();
  await saveDone(other);

  await page.getByLabel('종료 안내 (한국어)').fill('나중에 바꾼 종료 안내');
  await save(page).click();
  const banner = page.getByRole('alert').filter({ hasText: '먼저 저장했습니다' });
  await expect(banner).toContainText('저장한 사람: 조직관리자');
  await expect(banner.getByRole('listitem')).toHaveText(['인사말', '이름']);
  await expect(banner.locator('.notice')).toBeFocused();
  // Nothing was saved, nothing was lost.
  await expect(page.getByLabel('종료 안내 (한국어)')).toHaveValue('나중에 바꾼 종료 안내');
  await banner.getByRole('button', { name: '저장된 내용 불러오기' }).click();
  await expect(banner).toBeHidden();
  await expect(page.getByLabel('인사말 (한국어)')).toHaveValue('먼저 바꾼 인사말');
  await expect(page.getByLabel('종료 안내 (한국어)')).toHaveValue(/^상담이 종료되었습니다/);
  await expect(bar(page)).toBeHidden();

  // The other way round: now the first page is the older one, and its words are to stand.
  await page.getByLabel('종료 안내 (한국어)').fill('두 번째 종료 안내');
  await saveDone(page);
  await other.getByLabel('인사말 (한국어)').fill('내 인사말');
  await save(other).click();
  const told = other.getByRole('alert').filter({ hasText: '먼저 저장했습니다' });
  await expect(told.getByRole('listitem')).toHaveText(['종료 안내']);
  await told.getByRole('button', { name: '내 내용으로 저장' }).click();
  await expect(bar(other)).toBeHidden();
  await page.reload();
  await expect(page.getByLabel('인사말 (한국어)')).toHaveValue('내 인사말');
  await expect(page.getByLabel('종료 안내 (한국어)')).toHaveValue(/^상담이 종료되었습니다/);
});

test('times have ranges and defaults, and come back as they were saved', async ({ server, page }) => {
  await admin(page, server.origin, 'routing');
  const offer = page.getByRole('spinbutton', { name: '제안 시간' });
  await expect(offer).toHaveAccessibleDescription(/10–600초/);
  await offer.fill('9');
  await page.getByRole('spinbutton', { name: '1:1 문의로 돌리기' }).fill('');
  await page.getByRole('spinbutton', { name: '최근으로 보는 기간' }).fill('70000');
  await save(page).click();
  for (const name of ['제안 시간', '1:1 문의로 돌리기', '최근으로 보는 기간']) {
    await expect(page.getByRole('spinbutton', { name })).toHaveAccessibleDescription(/범위를 벗어났습니다\./);
  }
  await expect(offer).toBeFocused();

  await page.getByRole('radio', { name: /선착순/ }).check();
  await page.getByRole('switch', { name: '최근 상담원 우선' }).click();
  await offer.fill('90');
  await page.getByRole('spinbutton', { name: '1:1 문의로 돌리기' }).fill('0');
  await page.getByRole('spinbutton', { name: '최근으로 보는 기간' }).fill('7');
  await saveDone(page);
  await expect(offer).not.toHaveAttribute('aria-invalid');
  await page.reload();
  await expect(offer).toHaveValue('90');
  await expect(page.getByRole('spinbutton', { name: '1:1 문의로 돌리기' })).toHaveValue('0');
  await expect(page.getByRole('radio', { name: /선착순/ })).toBeChecked();
  await expect(page.getByRole('switch', { name: '최근 상담원 우선' })).toBeChecked();
  await visit(page, server.origin, 'routing');

  // What only the server finds wrong stands beside its field, too.
  await page.route('**/api/settings/routing/save', (route) =>
    route.fulfill({ status: 422, contentType: 'application/json', body: JSON.stringify({ code: 'invalid', detail: [{ field: 'idle_ask_minutes', problem: 'out_of_range' }] }) }),
  );
  await page.getByRole('button', { name: '기본값으로' }).click();
  await expect(offer).toHaveValue('60');
  await expect(page.getByRole('radio', { name: /자동 배정/ })).toBeChecked();
  await save(page).click();
  await expect(page.getByRole('spinbutton', { name: '확인 메시지' })).toHaveAccessibleDescription(/범위를 벗어났습니다\./);
  await page.unroute('**/api/settings/routing/save');
  expect(await asksBeforeLeaving(page)).toBe('beforeunload');
  await expect(offer).toHaveValue('60');
  await saveDone(page);
});

test('going back with unsaved changes is asked about', async ({ server, page }) => {
  await admin(page, server.origin, 'chat');
  await page.getByRole('link', { name: '상담원 할당 설정' }).click();
  const offer = page.getByRole('spinbutton', { name: '확인 메시지' });
  await offer.fill('61');
  await expect(bar(page)).toBeVisible();
  const back = async (answer: 'accept' | 'dismiss') => {
    const asked = page.waitForEvent('dialog');
    await page.evaluate(() => history.back());
    const dialog = await asked;
    expect(dialog.message()).toContain('저장하지 않은 변경');
    await dialog[answer]();
  };
  await back('dismiss');
  await expect(page).toHaveURL(/settings\/routing$/);
  await expect(offer).toHaveValue('61');
  // Whoever touches nothing more is let go by the browser without a question.
  await offer.fill('62');
  await back('accept');
  await expect(page).toHaveURL(/settings\/chat/);
  // Nothing is unsaved: nobody asks.
  await page.goForward();
  await expect(offer).not.toHaveValue('62');
  await page.goBack();
  await expect(page).toHaveURL(/settings\/chat/);
});

test('a text goes back to its default', async ({ server, page }) => {
  await admin(page, server.origin, 'chat');
  const greeting = page.getByLabel('인사말 (한국어)');
  const was = await greeting.inputValue();
  const back = page.getByRole('button', { name: '인사말: 기본값으로' });
  await expect(back).toBeHidden();
  await greeting.fill('어서 오세요');
  await saveDone(page);
  await back.click();
  await expect(greeting).toHaveValue(was);
  await expect(bar(page)).toBeVisible();
  await saveDone(page);
  await expect(back).toBeHidden();
  await visit(page, server.origin, 'chat');
  await expect(greeting).toHaveValue(was);
});

test('a stale save of the times names them', async ({ server, page, person }) => {
  await admin(page, server.origin, 'routing');
  const other = await person();
  await admin(other, server.origin, 'routing');
  await other.getByRole('spinbutton', { name: '끊김 표시' }).fill('61');
  await other.getByRole('switch', { name: '상담 시작 시 티켓 자동 생성' }).click();
  await saveDone(other);
  await page.getByRole('spinbutton', { name: '끊김 표시' }).fill('62');
  await save(page).click();
  const banner = page.getByRole('alert').filter({ hasText: '먼저 저장했습니다' });
  await expect(banner.getByRole('listitem')).toHaveText(['상담 시작 시 티켓 자동 생성', '끊김 표시']);
  await banner.getByRole('button', { name: '내 내용으로 저장' }).click();
  await expect(banner).toBeHidden();
  await expect(bar(page)).toBeHidden();
  await other.reload();
  await expect(other.getByRole('spinbutton', { name: '끊김 표시' })).toHaveValue('62');
});

test('a changed colour, side and text reach the shop at its next view', async ({ server, page, person }) => {
  const customer = await person();
  const shop = await openShop(customer, server.origin);
  const look = () =>
    shop.launcher.evaluate((button) => {
      const { color, backgroundColor } = getComputedStyle(button);
      const { left, right } = button.getBoundingClientRect();
      return { color, backgroundColor, side: left < innerWidth - right ? 'left' : 'right' };
    });
  expect(await look()).toEqual({ color: 'rgb(255, 255, 255)', backgroundColor: 'rgb(11, 107, 93)', side: 'right' });

  await admin(page, server.origin, 'widget');
  await page.getByRole('radio', { name: '왼쪽' }).check();
  await page.getByLabel('색상 값').fill('#ffeb3');
  await save(page).click();
  await expect(page.getByLabel('색상 값')).toHaveAccessibleDescription(/여섯 자리 색상 값/);
  await page.getByLabel('색상 값').fill('#FFEB3B');
  await expect(page.getByLabel('색상', { exact: true })).toHaveValue('#ffeb3b');
  await expect(page.getByText('흰 글자 1.2:1 · 검은 글자 17.1:1')).toBeVisible();
  await page.getByLabel('버튼 글 (한국어)').fill('무엇이든 물어보세요');
  const drawing = page.getByRole('img', { name: '채팅 버튼 미리보기: 한국어' });
  await expect(drawing).toContainText('무엇이든 물어보세요');
  await expect(drawing.locator('.site-launcher')).toHaveCSS('background-color', 'rgb(255, 235, 59)');
  await expect(drawing.locator('.site-launcher')).toHaveCSS('color', 'rgb(0, 0, 0)');
  await saveDone(page);

  await customer.goto(`${server.origin}/demo/shop/cart.html`);
  await expect(shop.launcher).toBeVisible();
  expect(await look()).toEqual({ color: 'rgb(0, 0, 0)', backgroundColor: 'rgb(255, 235, 59)', side: 'left' });
  // What is seen is part of the name.
  await expect(shop.launcher).toHaveAccessibleName('채팅 상담 열기, 무엇이든 물어보세요');
  await expect(shop.launcher).toContainText('무엇이든 물어보세요');
  await shop.open();
  await expect(shop.launcher).not.toContainText('무엇이든 물어보세요');
  expect((await shop.panel.boundingBox())!.x).toBe(20);
});

test('the code is copied, sites are exact, and a widget can be turned off', async ({ server, page, person, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await admin(page, server.origin, 'widget');
  const code = `<script async src="${server.origin}/widget/demo.js"></script>`;
  const section = page.getByRole('region', { name: '삽입 코드' });
  await section.getByRole('button', { name: '복사' }).first().click();
  await expect(section.getByRole('button', { name: '복사했습니다' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
  await expect(section.getByLabel('영어 코드')).toContainText("damso('locale', 'en');");
  await expect(page.getByLabel('보안 정책(CSP)').locator('pre')).toHaveText(`script-src ${server.origin}; frame-src ${server.origin}`);

  // Where it may stand.
  const lines = page.getByRole('textbox', { name: /^사이트 주소/ });
  await expect(lines).toHaveCount(2);
  await page.getByRole('button', { name: '사이트 추가' }).click();
  await expect(lines.nth(2)).toBeFocused();
  await lines.nth(2).fill('shop.example/path');
  await save(page).click();
  await expect(lines.nth(2)).toHaveAccessibleDescription(/https:\/\/shop\.example/);
  await expect(lines.nth(2)).toBeFocused();
  await expect(lines.nth(0)).not.toHaveAttribute('aria-invalid');
  await lines.nth(2).fill('https://Shop.example/');
  await page.getByRole('button', { name: '사이트 주소 2 삭제' }).click();
  await expect(lines).toHaveCount(2);
  await saveDone(page);
  await expect(lines.nth(1)).toHaveValue('https://shop.example');
  await visit(page, server.origin, 'widget');
  await expect(lines.nth(1)).toHaveValue('https://shop.example');

  // Off: no button, and nothing for the host page to complain about.
  await page.getByRole('switch', { name: '위젯 사용' }).click();
  expect(await asksBeforeLeaving(page)).toBe('beforeunload');
  await saveDone(page);
  const customer = await person();
  const complaints: string[] = [];
  customer.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  const answer = customer.waitForResponse(/\/widget\/demo\.js/);
  await customer.goto(`${server.origin}/demo/shop/`);
  expect((await answer).status()).toBe(200);
  await customer.waitForLoadState('load');
  await expect(customer.locator('damso-chat')).toHaveCount(0);
  expect(complaints).toEqual([]);
  await customer.goto(`${server.origin}/w/demo`);
  await expect(customer.getByText('지금은 이 사이트에서 채팅 상담을 하지 않습니다.')).toBeVisible();
});

test('the English code makes a page speak English', async ({ server, page, person }) => {
  await admin(page, server.origin, 'widget');
  const code = await page.getByLabel('영어 코드').innerText();
  const site = await person();
  // A Korean page of the shop's own site that carries the code as it is.
  await site.route('**/demo/shop/pasted.html', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="ko"><title>x</title><body>${code}</body></html>` }));
  await site.goto(`${server.origin}/demo/shop/pasted.html`);
  await expect(site.getByRole('button', { name: 'Open chat' })).toBeVisible();
});

for (const name of PAGES) {
  test(`${name}: English, a small screen, and nothing for axe`, async ({ server, browser }) => {
    test.slow();
    const titles = { chat: 'Chat messages', routing: 'Assignment', widget: 'Embed Code' };
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce', viewport: { width: 1280, height: 800 }, locale: 'en-US' });
      const page = await context.newPage();
      await admin(page, server.origin, name, 'en');
      await expect(page.getByRole('heading', { level: 1, name: titles[name] })).toBeVisible();
      await expect(page.getByRole('link', { name: titles[name], exact: true })).toHaveAttribute('aria-current', 'page');
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 640 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await page.evaluate(() => document.querySelector('main')!.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await violations(page)).toEqual([]);
      await context.close();
    }
  });
}

/** What axe finds wrong. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${AXE} }`);
  return page.evaluate(async (tags) => {
    const found = await (window as any).axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return found.violations.flatMap((v: any) => v.nodes.map((n: any) => `${v.id}: ${n.target.flat().join(' ')} ${n.failureSummary.split('\n').slice(1, 3).join(' ')}`));
  }, TAGS);
}
