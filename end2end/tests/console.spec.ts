// The agent's console and the pages around it.
import type { Route } from '@playwright/test';
import { Colleague, Visitor } from '../support/api';
import { violations } from '../support/axe';
import { Desk, openShop, signIn, type Shop } from '../support/pages';
import { fits } from '../support/settings';
import { expect, test } from '../support/test';

test('two tabs of one agent show the same', async ({ server, page, context }) => {
  const visitor = await Visitor.arrive(server.origin);
  await visitor.say('안녕하세요');
  const one = await signIn(page, server.origin);
  // The first tab's sign-in is the second one's.
  const two = new Desk(await context.newPage());
  await two.page.goto(`${server.origin}/console`);
  await two.connected();
  await one.openRow();
  await two.openRow();
  await one.startButton.click();
  for (const tab of [one, two]) await expect(tab.tab('active', 1)).toBeVisible();
  await expect(two.startButton).toBeHidden();
  await one.send('하나');
  await two.expectMessage('하나');
  await two.send('둘');
  await one.expectMessage('둘', 'sent');
  await visitor.say('셋');
  for (const tab of [one, two]) await tab.expectMessage('셋', 'received');
  expect(await one.shown()).toEqual(await two.shown());
  expect(await one.texts()).toEqual(['안녕하세요', '하나', '둘', '셋']);
  await two.end();
  for (const tab of [one, two]) await expect(tab.tab('active', 0)).toBeVisible();
});

test('two agents start at once: one wins, the other is told who', async ({ server, page, person }) => {
  await (await Visitor.arrive(server.origin)).say('누가 받나요');
  const desks = [await signIn(page, server.origin, 'agent1'), await signIn(await person(), server.origin, 'agent2')];
  const held: Route[] = [];
  for (const desk of desks) {
    await desk.openRow();
    await desk.page.route('**/api/chats/start', (route) => void held.push(route));
    await desk.startButton.click();
  }
  await expect.poll(() => held.length).toBe(2);
  await Promise.all(held.map((route) => route.continue()));
  for (const desk of desks) await expect(desk.startButton).toBeHidden();
  await expect.poll(async () => (await Promise.all(desks.map((desk) => desk.tab('active', 1).count()))).sort()).toEqual([0, 1]);
  const winner = (await desks[0].tab('active', 1).count()) === 1 ? 0 : 1;
  const loser = desks[1 - winner];
  await expect(loser.page.locator('.toasts')).toContainText(`상담원${winner + 1} 상담원이 `);
  await expect(loser.tab('waiting', 0)).toBeVisible();
  await expect(loser.field).toBeHidden();
  // Nobody was told that he won as well. (A check that waits would wait until a toast is gone.)
  expect(await desks[winner].page.locator('.toast').count()).toBe(0);
});

test('two agents answer at once: the reply of the second is refused and kept in sight', async ({ server, page, person }) => {
  await (await Visitor.arrive(server.origin)).say('누가 답하나요');
  const desks = [await signIn(page, server.origin, 'agent1'), await signIn(await person(), server.origin, 'agent2')];
  const held: Route[] = [];
  for (const [n, desk] of desks.entries()) {
    await desk.openRow();
    await desk.page.route('**/api/chats/send', (route) => void held.push(route));
    await desk.send(`답 ${n + 1}`);
  }
  await expect.poll(() => held.length).toBe(2);
  await held[0].continue();
  await desks[0].expectMessage('답 1', 'sent');
  await held[1].continue();
  await desks[1].expectMessage('답 2', 'failed');
  await expect(desks[1].page.locator('.toasts')).toContainText('상담원1');
  expect(await desks[0].texts()).toEqual(['누가 답하나요', '답 1']);
});

test('a session revoked elsewhere is closed within two seconds and leads to the sign-in', async ({ server, page, person }) => {
  const opened = page.waitForEvent('websocket');
  const here = await signIn(page, server.origin);
  const socket = await opened;
  await (await Visitor.arrive(server.origin)).say('안녕하세요');
  await here.openRow();
  await here.field.fill('쓰다 만 답장');
  const address = page.url();
  const other = await person();
  await signIn(other, server.origin);
  await other.goto(`${server.origin}/account`);
  const yes = other.getByRole('dialog').getByRole('button', { name: '다른 브라우저 모두 로그아웃' });
  // The button does nothing before the page is alive.
  await expect(async () => {
    await other.getByRole('button', { name: '다른 브라우저 모두 로그아웃' }).click();
    await expect(yes).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const since = Date.now();
  const closed = socket.waitForEvent('close').then(() => Date.now() - since);
  await yes.click();
  expect(await closed).toBeLessThan(2_000);
  await page.waitForURL(/\/login\?next=/);
  // Back to where one was, with the draft.
  await page.getByLabel('이메일', { exact: true }).fill('agent1@example.com');
  await page.getByLabel('비밀번호', { exact: true }).fill('damso-demo');
  await page.getByRole('button', { name: '로그인', exact: true }).click();
  await page.waitForURL(address);
  await here.connected();
  await expect(here.field).toHaveValue('쓰다 만 답장');
  // The other browser is where it was.
  await other.reload();
  await expect(other.getByRole('heading', { name: '내 계정' })).toBeVisible();
});

test('signing out closes the session for all tabs', async ({ server, page, context }) => {
  await signIn(page, server.origin);
  const second = await context.newPage();
  await second.goto(`${server.origin}/account`);
  await second.getByRole('button', { name: '로그아웃', exact: true }).click();
  await second.waitForURL(/\/login/);
  await page.waitForURL(/\/login/);
  await page.goto(`${server.origin}/console`);
  await page.waitForURL(/\/login\?next=/);
});

test('drafts are kept per chat and over a reload', async ({ server, page }) => {
  for (const name of ['가', '나']) await (await Visitor.arrive(server.origin)).say(`손님 ${name}`);
  const desk = await signIn(page, server.origin);
  const row = (text: string) => desk.rows.filter({ hasText: text }).getByRole('link');
  await row('손님 가').click();
  await desk.expectMessage('손님 가');
  await desk.field.fill('가에게 쓰다 만 글');
  await row('손님 나').click();
  // The list says which chats have one.
  await expect(row('초안 가에게 쓰다 만 글')).toBeVisible();
  await desk.expectMessage('손님 나');
  await expect(desk.field).toHaveValue('');
  await desk.field.fill('나에게 쓰다 만 글');
  await page.reload();
  await desk.connected();
  await expect(desk.field).toHaveValue('나에게 쓰다 만 글');
  await row('초안 가에게 쓰다 만 글').click();
  await desk.expectMessage('손님 가');
  await expect(desk.field).toHaveValue('가에게 쓰다 만 글');
  await desk.field.press('Enter');
  await desk.expectMessage('가에게 쓰다 만 글', 'sent');
  await page.reload();
  await desk.connected();
  await expect(desk.field).toHaveValue('');
});

test('reading older messages is not disturbed; what is older comes by scrolling', async ({ server, page }) => {
  const visitor = await Visitor.arrive(server.origin);
  for (let n = 1; n <= 150; n += 1) await visitor.say(`줄 ${n}`);
  const desk = await signIn(page, server.origin);
  await desk.openRow();
  await expect(desk.message('줄 150')).toBeAttached();
  const loaded = (await desk.shown()).length;
  expect(loaded).toBeLessThan(150);
  const top = () => desk.log.evaluate((e) => e.scrollTop);

  // Somewhere in the middle, a new message moves nothing and is counted.
  await desk.log.evaluate((e) => (e.scrollTop = (e.scrollHeight - e.clientHeight) / 2));
  const before = await top();
  await visitor.say('새 소식');
  const jump = page.getByRole('button', { name: '새 메시지 1' });
  await expect(jump).toBeVisible();
  expect(await top()).toBe(before);
  await jump.click();
  await expect(desk.message('새 소식')).toBeInViewport();
  await expect(jump).toBeHidden();

  // At the end, it is followed.
  await visitor.say('또 새 소식');
  await expect(desk.message('또 새 소식')).toBeInViewport();

  // At the beginning, older ones come, and the line that is read stays where it is.
  const held: Route[] = [];
  await page.route('**/api/chats/thread', (route) => void held.push(route));
  const line = desk.log.getByText((await desk.texts())[5], { exact: true });
  const y = async () => (await line.boundingBox())?.y ?? NaN;
  await desk.log.evaluate((e) => (e.scrollTop = 100));
  await expect.poll(() => held.length).toBe(1);
  const place = await y();
  await held[0].continue();
  await expect.poll(async () => (await desk.shown()).length).toBe(152);
  await expect.poll(async () => Math.abs((await y()) - place)).toBeLessThan(3);
  expect(await desk.texts()).toEqual([...Array.from({ length: 150 }, (_, n) => `줄 ${n + 1}`), '새 소식', '또 새 소식']);
});

test('while the list is looked at, nothing in it moves', async ({ server, page }) => {
  const first = await Visitor.arrive(server.origin);
  await first.say('먼저 온 손님');
  const desk = await signIn(page, server.origin);
  await expect(desk.rows).toHaveCount(1);
  await desk.rows.first().hover();
  await (await Visitor.arrive(server.origin)).say('나중에 온 손님');
  await expect(desk.tab('waiting', 2)).toBeVisible();
  const pill = page.getByRole('button', { name: '새 상담 1건 보기' });
  await expect(pill).toBeVisible();
  await expect(desk.rows).toHaveCount(1);
  await pill.click();
  await expect(desk.rows).toHaveCount(2);
});

test('without a line it says so, keeps the reply, and sends it later', async ({ server, page, context }) => {
  const visitor = await Visitor.arrive(server.origin);
  await visitor.say('들리세요?');
  const desk = await signIn(page, server.origin);
  await desk.openRow();
  await context.setOffline(true);
  await expect(page.getByText('연결 끊김 – 작성 중인 글은 저장됩니다')).toBeVisible();
  await desk.send('네, 들립니다');
  await desk.expectMessage('네, 들립니다', 'queued');
  await visitor.say('여보세요?');
  await context.setOffline(false);
  await desk.expectMessage('네, 들립니다', 'sent');
  await desk.expectMessage('여보세요?');
  await expect(page.getByText('연결 끊김 – 작성 중인 글은 저장됩니다')).toBeHidden();
  expect(await desk.texts()).toEqual(['들리세요?', '여보세요?', '네, 들립니다']);
  await expect(desk.tab('active', 1)).toBeVisible();
});

test('what was written last stays in view, whatever appears above and below', async ({ server, page, context }) => {
  const visitor = await Visitor.arrive(server.origin);
  for (let n = 1; n <= 15; n += 1) await visitor.say(`줄 ${n}`);
  const desk = await signIn(page, server.origin);
  await desk.openRow();
  await desk.send('답장');
  await desk.expectMessage('답장', 'sent');
  await context.setOffline(true);
  await desk.send('끊긴 뒤에');
  await expect(page.locator('.banner.trouble')).toBeVisible();
  await expect(page.getByText('다시 연결되면 보냅니다')).toBeInViewport({ ratio: 1 });
  await context.setOffline(false);
  await desk.expectMessage('끊긴 뒤에', 'sent');
  await visitor.say('마지막');
  await desk.field.fill('여\n러\n줄');
  await expect(desk.message('마지막')).toBeInViewport({ ratio: 1 });
});

test('an answer that was cut off on its way is no refusal', async ({ server, page }) => {
  await (await Visitor.arrive(server.origin)).say('안녕하세요');
  const desk = await signIn(page, server.origin);
  await desk.openRow();
  let cut = 2;
  await page.route('**/api/chats/send', async (route) => {
    const answer = await route.fetch();
    const body = await answer.text();
    await route.fulfill({ response: answer, body: cut-- > 0 ? body.slice(0, 5) : body });
  });
  const [failed] = await Promise.all([page.waitForResponse('**/api/chats/send'), desk.send('한 번만')]);
  expect(await failed.text()).toHaveLength(5);
  await desk.expectMessage('한 번만', 'sent');
  await desk.send('다음');
  await desk.expectMessage('다음', 'sent');
  // It leaves after the answer to the first. A notice would stand for some seconds from then
  // on; a check that waits would wait until it is gone.
  expect(await page.getByText('입력한 내용을 확인해 주세요.').count()).toBe(0);
  expect(await desk.texts()).toEqual(['안녕하세요', '한 번만', '다음']);
});

test('a thread that could not be loaded comes by itself once the line is up', async ({ server, page }) => {
  await (await Visitor.arrive(server.origin)).say('안녕하세요');
  const desk = await signIn(page, server.origin);
  let fail = true;
  await page.route('**/api/chats/thread', (route) => (fail ? route.abort() : route.continue()));
  await desk.openRow();
  await expect(page.getByText('대화 내용을 불러오지 못했습니다')).toBeVisible();
  fail = false;
  // The line goes and comes back: whoever looks at the page must not have to press anything.
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await desk.connected();
  await desk.expectMessage('안녕하세요');
});

test('a console that comes to life among many chats keeps its line', async ({ server, page }) => {
  const visitors = [];
  for (let n = 0; n < 60; n++) visitors.push(await Visitor.arrive(server.origin));
  for (const visitor of visitors) await visitor.say('안녕하세요');
  const sockets: { isClosed(): boolean }[] = [];
  page.on('websocket', (socket) => sockets.push(socket));
  const desk = await signIn(page, server.origin);
  await expect(desk.tab('waiting', 60)).toBeVisible();
  await visitors[59].say('아직 계신가요');
  await expect(desk.rows.filter({ hasText: '아직 계신가요' })).toHaveCount(1);
  expect(sockets.map((socket) => socket.isClosed())).toEqual([false]);
});

test('the customer leaves a waiting chat: the agent who looks at it is told', async ({ server, page }) => {
  const visitor = await Visitor.arrive(server.origin);
  await visitor.say('바쁘면 갈게요');
  const desk = await signIn(page, server.origin);
  await desk.openRow();
  await visitor.end();
  await expect(page.locator('.toasts')).toContainText('고객이 기다리다가 대화를 종료했습니다.');
  await expect(desk.tab('waiting', 0)).toBeVisible();
  await expect(desk.startButton).toBeHidden();
});

/** Hides the customer's tab, or shows it again, as the browser tells the widget's frame. */
async function hides(shop: Shop, hidden: boolean) {
  await shop.root.locator('html').evaluate((_, hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('the head says whether the customer is still there', async ({ server, page, context, person }) => {
  test.slow();
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('보고 계신가요');
  const desk = await signIn(await person(), server.origin);
  await desk.openRow();
  const watching = desk.page.locator('.head .watching');
  await expect(watching).toContainText('보는 중');
  expect(await violations(desk.page)).toEqual([]);
  // It is there to be looked for; nobody is told of each glance.
  expect(await watching.evaluate((it) => it.closest('[aria-live], [role=status], [role=alert], [role=log]'))).toBeNull();

  await shop.closeButton.click();
  await expect(watching).toContainText('다른 화면');
  await shop.approach();
  await expect(watching).toContainText('보는 중');
  await hides(shop, true);
  await expect(watching).toContainText('다른 화면');

  // A colleague who comes now is told how it stands; so is who loads his page again.
  const colleague = await signIn(await person(), server.origin, 'agent2');
  await colleague.openRow();
  await expect(colleague.page.locator('.head .watching')).toContainText('다른 화면');
  await hides(shop, false);
  for (const one of [desk, colleague]) await expect(one.page.locator('.head .watching')).toContainText('보는 중');
  await desk.page.reload();
  await desk.connected();
  await expect(watching).toContainText('보는 중');

  // Another page of the shop is no farewell, and a line that is cut is none either. Whether
  // the browser still lets the last word out decides how soon it is noticed.
  const words: string[] = [];
  await desk.page.exposeFunction('damsoSaid', (word: string) => void words.push(word));
  await desk.page.evaluate(() => {
    const look = () => (window as any).damsoSaid(document.querySelector('.head .watching')?.getAttribute('data-is'));
    new MutationObserver(look).observe(document.querySelector('.head .who')!, { childList: true, subtree: true, characterData: true });
  });
  await page.getByRole('link', { name: '주문조회' }).click();
  await page.waitForURL(/order\.html/);
  await shop.alive();
  await expect(watching).toContainText('보는 중');
  expect(words).not.toContain('left');
  expect(words).not.toContain('lost');
  await context.setOffline(true);
  await expect(watching).toContainText('연결 끊김', { timeout: 70_000 });
  await context.setOffline(false);
  await expect(watching).toContainText('보는 중', { timeout: 20_000 });

  // The last page is closed.
  await page.close();
  await expect(watching).toContainText('방금 떠남', { timeout: 15_000 });
  await desk.page.reload();
  await desk.connected();
  await expect(watching).toContainText('방금 떠남');
  expect(await violations(desk.page)).toEqual([]);
});

for (const lang of ['ko', 'en'] as const) {
  test(`whether he is there fits the head of a phone (${lang})`, async ({ server, page, person }) => {
    const shop = await openShop(page, server.origin);
    await shop.open();
    await shop.send('안녕하세요');
    const phone = await person({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    const desk = await signIn(phone, server.origin, 'agent1', lang);
    await desk.openRow();
    await desk.startButton.click();
    await expect(desk.endButton).toBeVisible();
    const watching = phone.locator('.thread .watching');
    const inside = async (is: string) => {
      await expect(watching).toHaveAttribute('data-is', is, { timeout: 15_000 });
      await fits(phone);
      const [word, head] = [(await watching.boundingBox())!, (await phone.locator('.thread > .head').boundingBox())!];
      const acts = (await phone.locator('.thread .acts').boundingBox())!;
      expect(word.y + word.height).toBeLessThanOrEqual(head.y + head.height);
      expect(word.x + word.width <= acts.x || word.y >= acts.y + acts.height).toBe(true);
      await phone.screenshot({ path: `results/watching-${is}-${lang}-360.png` });
    };
    await inside('viewing');
    await shop.closeButton.click();
    await inside('elsewhere');
    await page.goto('about:blank');
    await inside('left');
    expect(await violations(phone)).toEqual([]);
  });
}

test('the icon blinks on every page, and leads to who waits', async ({ server, page }) => {
  const desk = await signIn(page, server.origin);
  await page.goto(`${server.origin}/account`);
  await desk.connected().catch(() => {});
  await expect(desk.icon).toBeVisible();
  await (await Visitor.arrive(server.origin)).say('계정 화면에서도 보이나요');
  await expect(desk.icon).toHaveAttribute('data-blinking', 'true');
  await expect(desk.icon).toHaveAccessibleName('채팅 상담 열기, 대기 1건');
  await expect(page).toHaveTitle(/^\(1\) /);
  await desk.icon.click();
  await page.waitForURL(/\/console$/);
  await expect(desk.rows).toHaveCount(1);
});

test('tabs by the arrow keys, a chat by Enter', async ({ server, page }) => {
  await (await Visitor.arrive(server.origin)).say('키보드로');
  const desk = await signIn(page, server.origin);
  await desk.tab('waiting').focus();
  const expectChosen = async (which: 'waiting' | 'active' | 'held') => {
    await expect(desk.tab(which)).toBeFocused();
    await expect(desk.tab(which)).toHaveAttribute('aria-selected', 'true');
    await expect(page.locator('[role=tab][tabindex="0"]')).toHaveCount(1);
  };
  await page.keyboard.press('ArrowRight');
  await expectChosen('active');
  await page.keyboard.press('ArrowRight');
  await expectChosen('held');
  await page.keyboard.press('ArrowRight');
  await expectChosen('waiting');
  await page.keyboard.press('ArrowLeft');
  await expectChosen('held');
  await page.keyboard.press('Home');
  await expectChosen('waiting');
  await page.keyboard.press('End');
  await expectChosen('held');
  await page.keyboard.press('Home');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await desk.expectMessage('키보드로');
  await expect(desk.field).toBeFocused();
  await page.keyboard.type('답장');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('둘째 줄');
  await page.keyboard.press('Enter');
  await expect(desk.message('둘째 줄')).toBeVisible();
  expect(await desk.texts()).toEqual(['키보드로', '답장\n둘째 줄']);
});

test('a wrong password, an empty form, and then the right one', async ({ server, page }) => {
  await page.goto(`${server.origin}/console`);
  await page.waitForURL(/\/login\?next=/);
  const [email, password, submit] = [page.getByLabel('이메일', { exact: true }), page.getByLabel('비밀번호', { exact: true }), page.getByRole('button', { name: '로그인', exact: true })];
  await email.fill('agent1@example.com');
  await password.fill('wrong-password');
  await submit.click();
  await expect(page.getByRole('alert')).toContainText('이메일 또는 비밀번호가 맞지 않습니다.');
  await expect(email).toHaveValue('agent1@example.com');
  await email.fill('nobody@example.com');
  await password.fill('wrong-password');
  await submit.click();
  await expect(page.getByRole('alert')).toContainText('이메일 또는 비밀번호가 맞지 않습니다.');
  await password.fill('damso-demo');
  await page.getByRole('button', { name: 'agent1@example.com' }).click();
  await submit.click();
  await page.waitForURL(/\/console$/);
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the sign-in works by its form and the console can be read', async ({ server, page }) => {
    await (await Visitor.arrive(server.origin)).say('스크립트 없는 상담원');
    await page.goto(`${server.origin}/login`);
    await page.getByLabel('이메일', { exact: true }).fill('agent1@example.com');
    await page.getByLabel('비밀번호', { exact: true }).fill('nonsense-here');
    await page.getByRole('button', { name: '로그인', exact: true }).click();
    await expect(page.getByText('이메일 또는 비밀번호가 맞지 않습니다.')).toBeVisible();
    await page.getByLabel('비밀번호', { exact: true }).fill('damso-demo');
    await page.getByRole('button', { name: '로그인', exact: true }).click();
    await page.waitForURL(/\/console$/);
    await expect(page.getByText('스크립트 없는 상담원')).toBeVisible();
  });
});

test('my account: password changed, other browsers signed out', async ({ server, page, person }) => {
  const other = await person();
  await signIn(other, server.origin, 'agent2');
  await signIn(page, server.origin, 'agent2');
  await page.goto(`${server.origin}/account`);
  const [current, next] = [page.getByLabel('현재 비밀번호', { exact: true }), page.getByLabel('새 비밀번호', { exact: true })];
  const submit = page.getByRole('button', { name: '비밀번호 변경' });
  await expect(page.getByText('이 브라우저', { exact: true })).toBeVisible();
  await expect(async () => {
    await current.fill('not-my-password');
    await next.fill('a-good-new-password');
    await submit.click();
    await expect(page.getByText('현재 비밀번호가 맞지 않습니다.')).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await current.fill('damso-demo');
  await next.fill('short');
  await submit.click();
  await expect(page.getByText('10자 이상으로 정해 주세요.')).toBeVisible();
  await next.fill('a-good-new-password');
  await submit.click();
  await expect(page.locator('.toasts')).toContainText('비밀번호를 바꾸고');
  await other.waitForURL(/\/login/);
  await page.reload();
  await expect(page.getByRole('heading', { name: '내 계정' })).toBeVisible();
});

test('first-run set-up makes the owner and then closes', async ({ page }) => {
  const { Server } = await import('../support/server');
  const server = await Server.start({ bare: true });
  try {
    await page.goto(`${server.origin}/`);
    await page.waitForURL(/\/setup/);
    await page.getByLabel('이름', { exact: true }).fill('김소장');
    await page.getByLabel('이메일', { exact: true }).fill('owner@shop.example');
    await page.getByLabel('비밀번호', { exact: true }).fill('1234567890');
    await page.getByLabel('서비스 이름', { exact: true }).fill('우리 가게');
    await page.getByLabel('서비스 ID', { exact: true }).fill('our-shop');
    await page.getByRole('button', { name: '시작하기' }).click();
    await expect(page.getByText('쉽게 짐작할 수 있는 비밀번호입니다')).toBeVisible();
    await page.getByLabel('비밀번호', { exact: true }).fill('a-much-better-one');
    await page.getByRole('button', { name: '시작하기' }).click();
    await page.waitForURL(/\/settings$/);
    await page.goto(`${server.origin}/console`);
    await expect(page.getByText('<script async src=')).toBeVisible();
    await page.goto(`${server.origin}/setup`);
    await page.waitForURL(/\/console$/);
  } finally {
    await server.dispose();
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true });

  test('lists and thread take turns', async ({ server, page }) => {
    const visitor = await Visitor.arrive(server.origin);
    await visitor.say('휴대폰에서 보는 상담원께');
    const desk = await signIn(page, server.origin);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await wide()).toBeLessThanOrEqual(360);
    await expect(desk.tab('waiting', 1)).toBeVisible();
    await desk.rows.first().getByRole('link').tap();
    await desk.expectMessage('휴대폰에서 보는 상담원께');
    await expect(desk.tab('waiting')).toBeHidden();
    await expect(desk.field).toBeInViewport();
    await expect(desk.startButton).toBeInViewport();
    expect(await wide()).toBeLessThanOrEqual(360);
    await desk.startButton.tap();
    await desk.send('네, 보입니다');
    await desk.expectMessage('네, 보입니다', 'sent');
    // The keyboard takes its part of the screen.
    await page.setViewportSize({ width: 360, height: 340 });
    await expect(desk.sendButton).toBeInViewport({ ratio: 1 });
    await page.setViewportSize({ width: 360, height: 640 });
    await page.getByRole('button', { name: '정보 보기' }).tap();
    await page.getByRole('link', { name: '주문조회' }).scrollIntoViewIfNeeded();
    await expect(page.getByRole('link', { name: '주문조회' })).toBeInViewport();
    await page.getByRole('button', { name: '고객정보 닫기' }).tap();
    await expect(page.getByRole('link', { name: '주문조회' })).toBeHidden();
    await page.getByRole('link', { name: desk.words.back }).tap();
    await expect(desk.tab('active')).toBeVisible();
    await expect(desk.field).toBeHidden();
    expect(await wide()).toBeLessThanOrEqual(360);
  });
});

test('an agent and a customer in one browser do not disturb each other', async ({ server, page, context }) => {
  const desk = await signIn(page, server.origin);
  const shop = await openShop(await context.newPage(), server.origin);
  await shop.open();
  await shop.send('같은 브라우저');
  await desk.openRow();
  await desk.send('네');
  await shop.expectMessage('네');
  expect((await context.cookies()).map((c) => c.name)).toEqual(['__Host-damso']);
});

test('a colleague sees who has a chat, and cannot write into it', async ({ server, page, person }) => {
  const visitor = await Visitor.arrive(server.origin);
  await visitor.say('담당자가 누구인가요');
  const desk = await signIn(page, server.origin, 'agent1');
  await desk.openRow();
  const colleague = await Colleague.signIn(server.origin, 'agent2');
  await colleague.start(visitor.chat!);
  await expect(page.locator('.toasts')).toContainText('상담원2');
  await expect(desk.startButton).toBeHidden();
  await expect(desk.field).toBeHidden();
  // By its address neither.
  const other = await signIn(await person(), server.origin, 'agent3', 'ko', `/console/${visitor.chat}`);
  await expect(other.field).toBeHidden();
});
