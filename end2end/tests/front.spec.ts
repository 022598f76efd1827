// The front door: what a customer meets, as an admin sets it and as agents come and go.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page, Route } from '@playwright/test';
import { violations } from '../support/axe';
import { openShop, Shop, signIn, type Desk } from '../support/pages';
import { Server } from '../support/server';
import { ask, fits } from '../support/settings';
import { expect, test } from '../support/test';

/** Open doors and help-centre pages show a change within this time (ms). */
const SOON = 2_000;

const frameOf = (page: Page): Frame => page.frames().find((frame) => frame.url().includes('frame=1'))!;

const CODES = { 온라인: 'online', 휴식: 'break', 오프라인: 'offline' } as const;

async function become(desk: Desk, status: keyof typeof CODES): Promise<void> {
  await desk.is(CODES[status]);
}

test.describe('with nobody there', () => {
  test.use({ serverOptions: { unstaffed: true } });

  test('the door follows the agents: absent, online, on break, gone', async ({ server, page, person }) => {
    const desk = await signIn(await person(), server.origin, 'agent1');
    const shop = await openShop(page, server.origin);
    await shop.approach();
    const absent = shop.door.getByRole('status').filter({ visible: true });
    await expect(absent).toContainText('상담원 부재중');
    await expect(absent).toContainText('지금은 상담원이 자리를 비웠습니다.');
    await expect(shop.agree).toBeHidden();

    await desk.page.getByRole('button', { name: '온라인으로 전환' }).click();
    await expect(shop.agree).toBeVisible({ timeout: SOON });
    await expect(desk.page.getByRole('button', { name: '온라인으로 전환' })).toBeHidden();
    await become(desk, '휴식');
    await expect(absent).toContainText('상담원 부재중', { timeout: SOON });
    await become(desk, '온라인');
    await expect(shop.agree).toBeVisible({ timeout: SOON });
    // The status is kept over a reload; another tab of the same agent shows it, too.
    await desk.page.reload();
    await desk.connected();
    const second = await desk.page.context().newPage();
    await second.goto(`${server.origin}/console`);
    await expect(second.getByRole('button', { name: '상태: 온라인' })).toBeVisible();
    await become(desk, '오프라인');
    await expect(second.getByRole('button', { name: '상태: 오프라인' })).toBeVisible({ timeout: SOON });
    await second.close();
    await expect(absent).toBeVisible({ timeout: SOON });

    // Whoever is at the door when it shuts is told, not let in.
    await become(desk, '온라인');
    await expect(shop.agree).toBeVisible({ timeout: SOON });
    await page.context().setOffline(true);
    await become(desk, '휴식');
    await shop.agree.click();
    await expect(shop.door.getByRole('alert')).not.toBeEmpty();
    await page.context().setOffline(false);
    await expect(absent).toBeVisible({ timeout: 40_000 });
  });

  test('who closes the browser is gone within seconds', async ({ server, page, person }) => {
    const agent = await person();
    const desk = await signIn(agent, server.origin, 'agent1');
    await become(desk, '온라인');
    const shop = await openShop(page, server.origin);
    await shop.approach();
    await expect(shop.agree).toBeVisible();
    await agent.context().close();
    await expect(shop.door.getByRole('status')).toContainText('상담원 부재중', { timeout: 8_000 });
  });
});

test.describe('with one agent, who goes', () => {
  test.use({ serverOptions: { unstaffed: true } });

  test('who waits is told when nobody is left, and leaves it as an inquiry (G13)', async ({ server, page, person }) => {
    const desk = await signIn(await person(), server.origin, 'owner');
    await become(desk, '온라인');
    const shop = await openShop(page, server.origin);
    await shop.open();
    await shop.send('배송이 안 왔어요');
    await shop.expectMessage('배송이 안 왔어요');
    const alone = shop.door.locator('.front-alone');
    await expect(alone).toBeHidden();
    await become(desk, '휴식');
    await expect(alone.getByRole('status')).toContainText('지금은 답변할 상담원이 없습니다', { timeout: SOON });
    await expect(shop.field).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await become(desk, '온라인');
    await expect(alone).toBeHidden({ timeout: SOON });
    await become(desk, '오프라인');
    await alone.getByRole('button', { name: '문의하기' }).click();

    const over = shop.door.locator('.front-over');
    await expect(over.getByRole('status')).toContainText('문의 1번으로 접수했습니다');
    await expect(shop.field).toBeHidden();
    const email = over.getByLabel('답변을 받을 이메일');
    await email.fill('nobody');
    await over.getByRole('button', { name: '이메일로 답변 받기' }).click();
    await expect(over.getByText('이메일 주소 형식이 아닙니다.')).toBeVisible();
    await email.fill('kim@shop.example');
    await over.getByRole('button', { name: '이메일로 답변 받기' }).click();
    await expect(email).toBeHidden();
    expect(await violations(page)).toEqual([]);

    await desk.page.goto(`${server.origin}/inquiries`);
    await expect(desk.page.getByRole('listitem').filter({ hasText: '문의 1번' })).toContainText('상담에서 전환');
    await desk.page.getByRole('link', { name: '문의 1번' }).click();
    await expect(desk.page.getByText('배송이 안 왔어요')).toBeVisible();
    await desk.page.getByLabel('답변', { exact: true }).fill('오늘 보내 드렸습니다.');
    await desk.page.getByRole('button', { name: '답변 보내기' }).click();
    await expect(desk.page.getByText('답변 완료')).toBeVisible();

    // The answer stands in the window, whenever it is opened again.
    await shop.newChat.click();
    const mine = shop.door.getByRole('region', { name: '내 문의' });
    await expect(mine).toContainText('답변 완료');
    const [own] = await Promise.all([page.waitForEvent('popup'), mine.getByRole('link', { name: '문의 1번' }).click()]);
    await expect(own.getByText('오늘 보내 드렸습니다.')).toBeVisible();
  });
});

test('what an admin sets shows at open doors: stop, texts, hours, a second queue, what is asked for', async ({ server, page, person }) => {
  const admin = await person();
  await signIn(admin, server.origin, 'owner');
  const set = <T>(path: string, data: unknown) => ask<T>(admin, server.origin, path, data);
  const help = await person();
  await help.goto(`${server.origin}/help/demo?lang=ko`);
  const shop = await openShop(page, server.origin);
  await shop.approach();
  await expect(shop.agree).toBeVisible();
  const status = shop.door.getByRole('status');

  await set('settings/hours/stop', { stopped: true });
  await expect(status).toContainText('상담원 부재중', { timeout: SOON });
  const chat = await set<{ texts: { version: number; value: Record<string, unknown> } }>('settings/chat', {});
  const texts = { ...chat.texts.value, absent: { ko: '<b>잠시</b> 자리를 비웠어요', en: '' } };
  await set('settings/chat/save', { over: 0, value: texts });
  await expect(status).toContainText('<b>잠시</b> 자리를 비웠어요', { timeout: SOON });
  await set('settings/hours/stop', { stopped: false });
  await expect(shop.agree).toBeVisible({ timeout: SOON });

  // Every day is closed but one, so the next opening is known.
  const closed = { week: [[{ from: 540, to: 541 }], [], [], [], [], [], []], exceptions: [], holidays: [], last_intake: 0 };
  await set('settings/hours/save', { queue: null, over: 0, value: closed });
  await expect(status).toContainText('지금은 운영시간이 아닙니다', { timeout: SOON });
  await expect(status).toContainText(/다음 상담 시작: \d+월 \d+일 \(월\) 오전 9:00/);
  await set('settings/hours/save', { queue: null, over: 1, value: null });
  await expect(shop.agree).toBeVisible({ timeout: SOON });

  // What is asked for; what was typed stays when the door is drawn again.
  await set('settings/chat/save', { over: 1, value: { ...texts, name: 'required', email: 'optional' } });
  const name = shop.door.getByLabel(/^이름/);
  await expect(name).toBeVisible({ timeout: SOON });
  await name.fill('김민수');
  const queues = await set<{ queue: { id: string } }[]>('queues/create', { name: { ko: '환불', en: 'Refunds' } });
  await set('queues/activate', { queue: queues.at(-1)!.queue.id, active: true, confirmed: true });
  const refunds = shop.door.getByRole('radio', { name: /^환불/ });
  await expect(refunds).toBeVisible({ timeout: SOON });
  await expect(refunds).toBeDisabled();
  await expect(shop.door.getByText('상담원 부재중')).toBeVisible();
  await expect(shop.door.getByRole('radio', { name: /^기본 상담/ })).toBeChecked();
  await expect(name).toHaveValue('김민수');
  await shop.door.getByLabel(/^이메일/).fill('minsu@');
  await shop.agree.click();
  await expect(shop.root.locator('.field-problem')).toBeVisible();
  await expect(shop.door.getByLabel(/^이메일/)).toBeFocused();
  await shop.door.getByLabel(/^이메일/).fill('minsu@a.example');
  await shop.agree.click();
  await expect(shop.field).toBeFocused();
  await shop.send('안녕하세요');
  await shop.expectMessage('안녕하세요');

  // 종료 안내, also as it is changed now.
  await shop.end();
  const ended = shop.door.locator('.front-over').getByRole('status');
  await expect(ended).toContainText('상담이 종료되었습니다. 이용해 주셔서 감사합니다.');
  await set('settings/chat/save', { over: 2, value: { ...texts, name: 'required', email: 'optional', ended: { ko: '또 오세요', en: '' } } });
  await expect(ended).toHaveText('또 오세요', { timeout: SOON });

  // Typed once, never asked again.
  await shop.newChat.click();
  await expect(shop.agree).toBeVisible();
  await expect(name).toBeHidden();
  await shop.closeButton.click();

  // A page of the help centre that stands open.
  await expect(help.getByRole('status')).toHaveText('지금 상담할 수 있습니다');
  await set('settings/hours/stop', { stopped: true });
  await expect(help.getByRole('status')).toHaveText('상담원 부재중', { timeout: SOON });
});

test('a full team keeps the door open: the customer waits', async ({ server, page, person }) => {
  const admin = await person();
  await signIn(admin, server.origin, 'owner');
  const rows = await ask<{ account: string; email: string; profile: Record<string, unknown> }[]>(admin, server.origin, 'members/list', {});
  for (const row of rows) {
    await ask(admin, server.origin, 'members/save', { account: row.account, was: row.profile, profile: { ...row.profile, chats_at_once: 0 } });
  }
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('기다릴게요');
  await expect(shop.root.getByText('상담원을 기다리는 중')).toBeVisible();
});

test('문의하기: prefilled with what was typed, refused beside its fields, sent once, answered by its link', async ({ server, page, person }) => {
  const admin = await person();
  await signIn(admin, server.origin, 'owner');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('먼저');
  await shop.expectMessage('먼저');
  await shop.end();
  await ask(admin, server.origin, 'settings/hours/stop', { stopped: true });
  await shop.newChat.click();
  await shop.door.getByRole('link', { name: '문의하기' }).click();
  const words = shop.door.getByLabel(/^문의 내용/);
  await expect(words).toBeFocused();
  const send = shop.door.getByRole('button', { name: '동의하고 문의 남기기' });
  await send.click();
  await expect(shop.door.getByText('입력해 주세요.')).toBeVisible();
  await expect(words).toBeFocused();
  await words.fill('배송이 언제 오나요?');
  // Kept over a reload, like every draft.
  await page.reload();
  await shop.newChat.click();
  await shop.door.getByRole('link', { name: '문의하기' }).click();
  await expect(words).toHaveValue('배송이 언제 오나요?');
  // The answer is lost on the way: pressed again it is one inquiry.
  let lost = 0;
  await page.route(/\/w\/demo\/inquiry/, async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await send.click();
  await expect(shop.door.getByRole('alert')).not.toBeEmpty();
  await send.click();
  await expect(shop.door.getByRole('status')).toContainText('문의가 접수되었습니다');
  const [own] = await Promise.all([page.waitForEvent('popup'), shop.door.getByRole('link', { name: '내 문의 보기' }).click()]);
  await expect(own.getByRole('heading', { name: '문의 1번' })).toBeVisible();
  await expect(own.getByText('배송이 언제 오나요?')).toBeVisible();

  await admin.goto(`${server.origin}/inquiries`);
  await expect(admin.getByRole('listitem')).toHaveCount(1);
  await admin.getByRole('link', { name: '문의 1번' }).click();
  await expect(admin.getByText('연락처 없음')).toBeVisible();
  await admin.getByLabel('답변', { exact: true }).fill('내일 도착합니다.');
  await admin.getByRole('button', { name: '답변 보내기' }).click();
  await expect(admin.getByRole('listitem').filter({ hasText: '내일 도착합니다.' })).toBeVisible();
  await expect(admin.getByText('답변 완료')).toBeVisible();
  await own.reload();
  await expect(own.getByText('내일 도착합니다.')).toBeVisible();
  await own.getByLabel('추가로 남길 말').fill('고맙습니다');
  await own.getByRole('button', { name: '보내기' }).click();
  await expect(own.getByText('고맙습니다')).toBeVisible();
  await expect(own.getByRole('status')).toHaveText('답변을 기다리는 중');
  await admin.goto(`${server.origin}/inquiries`);
  await expect(admin.getByRole('listitem')).toContainText('답변 대기');
});

test('the help centre takes an inquiry without leaving its page', async ({ server, page }) => {
  await page.goto(`${server.origin}/help/demo/inquiry?lang=ko`);
  const send = page.getByRole('button', { name: '동의하고 문의 남기기' });
  await page.getByLabel(/^이메일/).fill('nobody');
  await send.click();
  await expect(page.getByText('입력해 주세요.')).toBeVisible();
  await expect(page.getByLabel(/^이메일/)).toHaveValue('nobody');
  await page.getByLabel(/^문의 내용/).fill('배송이 안 와요');
  await page.getByLabel(/^이메일/).fill('a@b.example');
  // A page in the place of the form, from a proxy or a limit: what is typed stays.
  const other = (route: Route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<!DOCTYPE html><html><body><main>잠시 후</main></body></html>' });
  await page.route('**/help/demo/inquiry', other);
  await send.click();
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await expect(page.getByLabel(/^문의 내용/)).toHaveValue('배송이 안 와요');
  await page.unroute('**/help/demo/inquiry', other);
  await send.click();
  await expect(page.getByRole('status')).toContainText('문의가 접수되었습니다');
});

test('an address that leads nowhere says so in the look of the rest', async ({ server, page }) => {
  const answer = await page.goto(`${server.origin}/help/nobody?lang=en`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading')).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('main')!).borderRadius)).toBe('16px');
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the help centre takes an inquiry by plain forms', async ({ server, page }) => {
    await page.goto(`${server.origin}/help/demo?lang=ko`);
    await expect(page.getByRole('status')).toHaveText('지금 상담할 수 있습니다');
    await page.getByRole('link', { name: '문의하기' }).click();
    await page.getByLabel(/^이메일/).fill('nobody');
    await page.getByRole('button', { name: '동의하고 문의 남기기' }).click();
    await expect(page.getByText('입력해 주세요.')).toBeVisible();
    await expect(page.getByLabel(/^이메일/)).toHaveValue('nobody');
    await page.getByLabel(/^문의 내용/).fill('스크립트 없이');
    await page.getByLabel(/^이메일/).fill('a@b.example');
    await page.getByRole('button', { name: '동의하고 문의 남기기' }).click();
    await expect(page.getByRole('status')).toContainText('문의가 접수되었습니다');
  });
});

test('the help centre has the chat icon, in both languages', async ({ server, page }) => {
  await page.goto(`${server.origin}/help/demo?lang=ko`);
  const shop = new Shop(page, 'ko');
  await shop.open();
  await shop.send('헬프센터에서');
  await shop.expectMessage('헬프센터에서', 'sent');
  await shop.closeButton.click();
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page.getByRole('link', { name: 'Contact us' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: /^Open chat/ })).toBeVisible();
});

test('from nothing to the first chat, led by 준비 상태', async ({ page, person }) => {
  test.slow();
  const server = await Server.start({ bare: true });
  let snippet = '';
  const site = http.createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="ko"><title>우리 상점</title><body><h1>우리 상점</h1>${snippet}</body></html>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const shopOrigin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  try {
    await page.goto(server.origin);
    await page.waitForURL(/\/setup/);
    await page.getByLabel('이름', { exact: true }).fill('김사장');
    await page.getByLabel('이메일').fill('boss@shop.example');
    await page.getByLabel('비밀번호', { exact: true }).fill('correct horse battery');
    await page.getByLabel('서비스 이름').fill('우리 상점');
    await page.getByLabel('서비스 ID').fill('ourshop');
    await page.getByLabel(/사이트/).fill(shopOrigin);
    await page.locator('form button[type=submit]').click();
    await page.waitForURL(/\/settings$/);
    await expect(page.getByText('고객은 부재중 안내를 봅니다: 활성화된 대기열이 없습니다.')).toBeVisible();
    const todo = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
    await expect(todo('상담원이 배정된 활성 대기열').getByText('아직', { exact: true })).toBeAttached();

    // The queue, and who sits in it.
    await todo('상담원이 배정된 활성 대기열').getByRole('link').click();
    await page.getByLabel('이름 (한국어)').fill('일반 상담');
    await page.getByRole('button', { name: '대기열 만들기' }).click();
    await page.getByRole('switch', { name: '일반 상담 사용' }).click();
    await expect(page.getByRole('switch', { name: '일반 상담 사용' })).toBeChecked();
    await page.getByRole('link', { name: '대기열 배정' }).click();
    await page.getByRole('checkbox', { name: /김사장/ }).first().check();
    await page.getByRole('button', { name: '저장', exact: true }).click();
    await expect(page.locator('.savebar')).toBeHidden();
    await page.getByRole('link', { name: '준비 상태' }).click();
    await expect(page.getByText('고객은 부재중 안내를 봅니다: 대기열에 온라인인 상담원이 없습니다.')).toBeVisible();

    // The snippet goes into the shop's page.
    await todo('사이트에 삽입 코드 설치').getByRole('link').click();
    snippet = (await page.locator('pre, code').filter({ hasText: 'script' }).first().textContent())!;
    expect(snippet).toContain('<script');
    const customer = await person();
    await customer.goto(shopOrigin);
    const shop = new Shop(customer, 'ko');
    await shop.approach();
    await expect(shop.door.getByRole('status')).toContainText('상담원 부재중');
    await page.goto(`${server.origin}/settings`);
    await expect(todo('사이트에 삽입 코드 설치')).toContainText(shopOrigin);
    await page.getByRole('button', { name: '온라인으로 전환' }).click();
    await expect(async () => {
      await page.getByRole('button', { name: '다시 확인' }).click();
      await expect(page.getByText('고객이 지금 상담을 시작할 수 있습니다. 열린 대기열 1개.')).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 10_000 });
    await expect(page.getByText('모든 준비가 끝났습니다.')).toBeVisible();

    await shop.ready();
    await shop.send('첫 손님입니다');
    await page.getByRole('navigation').getByRole('link', { name: /^상담/ }).first().click();
    await page.getByRole('tabpanel').getByRole('listitem').first().getByRole('link').click();
    await page.getByRole('textbox', { name: '메시지', exact: true }).fill('어서 오세요');
    await page.getByRole('textbox', { name: '메시지', exact: true }).press('Enter');
    await shop.expectMessage('어서 오세요');
  } finally {
    site.close();
    await server.dispose();
  }
});

for (const [lang, colorScheme] of [['ko', 'light'], ['en', 'dark']] as const) {
  test(`the front door and the help centre on a phone, for axe (${lang}, ${colorScheme})`, async ({ server, browser }) => {
    test.slow();
    const wrong: string[] = [];
    const see = async (name: string, root: Page | Frame) => {
      for (const line of await violations(root)) wrong.push(`${name}: ${line}`);
    };
    const context = await browser.newContext({ colorScheme, locale: lang === 'ko' ? 'ko-KR' : 'en-US', viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
    const [admin, page, help] = [await context.newPage(), await context.newPage(), await context.newPage()];
    await signIn(admin, server.origin, 'owner', lang);
    for (const path of ['', '/help']) {
      await admin.goto(`${server.origin}/settings${path}?lang=${lang}`);
      await expect(admin.getByRole('heading', { level: 1 })).toBeVisible();
      await fits(admin);
      await see(`settings${path}`, admin);
    }
    const shop = await openShop(page, server.origin, '/demo/shop', lang);
    await shop.approach();
    await expect(shop.agree).toBeVisible();
    await see('open', frameOf(page));
    await ask(admin, server.origin, 'settings/hours/stop', { stopped: true });
    await expect(shop.door.getByRole('status')).toBeVisible({ timeout: SOON });
    await see('absent', frameOf(page));
    await shop.door.getByRole('link', { name: shop.words.ask }).click();
    await shop.door.locator('[type=submit]').click();
    await expect(shop.door.locator('.field-problem').first()).toBeVisible();
    await see('ask', frameOf(page));
    expect(await frameOf(page).evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await shop.door.locator('textarea').fill('?');
    await shop.door.locator('[type=submit]').click();
    await expect(shop.door.locator('[data-done]')).toBeVisible();
    await see('asked', frameOf(page));
    const link = await shop.door.locator('[data-done] a').first().getAttribute('href');
    for (const path of [`/help/demo?lang=${lang}`, `/help/demo/inquiry?lang=${lang}`, link!]) {
      await help.goto(server.origin + path);
      await see(path.replace(/inquiries\/[^?]+/, 'inquiries/…'), help);
      await fits(help);
    }
    await admin.goto(`${server.origin}/inquiries?lang=${lang}`);
    await expect(admin.getByRole('listitem')).toHaveCount(1);
    await see('inquiries', admin);
    await admin.getByRole('main').getByRole('listitem').getByRole('link').click();
    await expect(admin.getByRole('textbox')).toBeVisible();
    await see('inquiry', admin);
    await fits(admin);
    await context.close();
    expect(wrong).toEqual([]);
  });
}
