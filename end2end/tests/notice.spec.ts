// How an agent is noticed and how his pages look: sounds, notices of the desktop, title, keys,
// widths, what is unread.
import { type Page } from '@playwright/test';
import { violations } from '../support/axe';
import { openShop, signIn } from '../support/pages';
import { fits } from '../support/settings';
import { expect, test } from '../support/test';

type Heard = { sounds: number[]; notices: { title: string; body: string; tag: string }[]; open: (at: number) => void; look: (yes: boolean) => void };
declare global {
  interface Window { heard: Heard }
}

/** Notes what a page plays and shows; nobody hears or sees a headless browser. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const sounds: number[] = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...args) {
      sounds.push(this.frequency.value);
      return start.apply(this, args);
    };
    const shown: Notification[] = [];
    const notices: Heard['notices'] = [];
    class Shown {
      static permission = 'granted';
      onclick: (() => void) | null = null;
      constructor(title: string, { body = '', tag = '' }: NotificationOptions) {
        notices.push({ title, body, tag });
        shown.push(this as unknown as Notification);
      }
      close() {}
    }
    window.Notification = Shown as unknown as typeof Notification;
    let looks = true;
    document.hasFocus = () => looks;
    window.heard = {
      sounds,
      notices,
      open: (at) => shown[at].onclick?.(new Event('click')),
      look: (yes) => {
        looks = yes;
        window.dispatchEvent(new Event(yes ? 'focus' : 'blur'));
      },
    };
  });
}

const CALL = 784;
const DROP = 659;
const count = (page: Page, hertz: number) => page.evaluate((hertz) => window.heard.sounds.filter((f) => f === hertz).length, hertz);
const notices = (page: Page) => page.evaluate(() => window.heard.notices);
const icon = (page: Page) => page.locator('link[rel="icon"]').getAttribute('href');

test('a request rings until it is looked at, in one tab of several', async ({ server, page, person }) => {
  const first = await person();
  await listen(first);
  const one = await signIn(first, server.origin, 'agent1');
  const second = await first.context().newPage();
  await listen(second);
  await second.goto(`${server.origin}/console`);
  await expect(second.getByText('연결됨')).toBeVisible();
  await second.evaluate(() => window.heard.look(false));
  await first.evaluate(() => window.heard.look(false));

  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('급해요');
  // Again and again, and in one place only.
  await expect.poll(() => count(first, CALL), { timeout: 15_000 }).toBeGreaterThanOrEqual(4);
  expect(await count(second, CALL)).toBe(0);
  await expect.poll(() => notices(first)).toHaveLength(1);
  expect(await notices(second)).toHaveLength(0);
  const [notice] = await notices(first);
  expect(notice.title).toContain('고객');
  expect(await icon(first)).toContain('favicon-news');
  await expect(first).toHaveTitle(/^\(1\) /);

  // A click on the notice leads to the chat, and then it is quiet.
  await first.evaluate(() => window.heard.open(0));
  await expect(first).toHaveURL(new RegExp(`/console/${notice.tag}$`));
  await expect(one.startButton).toBeVisible();
  const rung = await count(first, CALL);
  await one.startButton.click();
  await expect(one.endButton).toBeVisible();
  await expect.poll(() => icon(first)).toContain('favicon.svg');
  await expect(first).not.toHaveTitle(/^\(/);

  // A message of his is a soft sound and tells its words; the leader gone, the other tab takes over.
  await shop.send('아직 계세요?');
  await expect.poll(() => count(first, DROP)).toBe(1);
  expect(await count(first, CALL)).toBe(rung);
  await expect.poll(async () => (await notices(first)).at(-1)?.body).toBe('아직 계세요?');
  await first.close();
  await second.mouse.click(400, 300);
  await shop.send('여보세요');
  await expect.poll(() => count(second, DROP)).toBe(1);
});

test('what is turned off is not heard, and words can stay private', async ({ server, page, person }) => {
  const agent = await person();
  await listen(agent);
  const one = await signIn(agent, server.origin, 'agent1');
  await agent.goto(`${server.origin}/account`);
  const card = agent.getByRole('region', { name: '알림' });
  await expect(async () => {
    await card.getByRole('switch', { name: '담당 고객의 메시지' }).uncheck({ force: true });
    await expect(card.getByRole('switch', { name: '담당 고객의 메시지' })).not.toBeChecked({ timeout: 500 });
  }).toPass();
  await card.getByRole('switch', { name: '알림에 메시지 내용 표시' }).click();
  await card.getByRole('button', { name: /^상담 요청.*들어 보기$/ }).click();
  await expect.poll(() => count(agent, CALL)).toBe(2);
  // It is the account's: another page has it, too.
  await agent.reload();
  await expect(card.getByRole('switch', { name: '담당 고객의 메시지' })).not.toBeChecked();
  await agent.goto(`${server.origin}/console`);
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('비밀 이야기');
  await one.openRow();
  await one.startButton.click();
  await expect(one.endButton).toBeVisible();
  await agent.evaluate(() => window.heard.look(false));
  await shop.send('비밀번호는 1234');
  await expect.poll(async () => (await notices(agent)).at(-1)?.body).toBe('고객이 메시지를 보냈습니다.');
  expect(await count(agent, DROP)).toBe(0);
});

test('the theme is drawn by the server, without a flash, in every browser of the account', async ({ server, person }) => {
  const agent = await person();
  await signIn(agent, server.origin, 'agent1');
  await agent.goto(`${server.origin}/account`);
  const background = () => agent.evaluate(() => getComputedStyle(document.querySelector('.card')!).backgroundColor);
  const light = await background();
  await expect(async () => {
    await agent.getByRole('radio', { name: '어둡게' }).check();
    await expect(agent.locator('html')).toHaveAttribute('data-theme', 'dark', { timeout: 500 });
  }).toPass();
  expect(await background()).not.toBe(light);
  await agent.getByRole('radio', { name: '좁게' }).check();
  await expect(agent.locator('html')).toHaveAttribute('data-density', 'compact');
  expect(await violations(agent)).toEqual([]);
  const other = await person();
  await signIn(other, server.origin, 'agent1');
  const html = await (await other.request.get(`${server.origin}/account`)).text();
  expect(html).toContain('data-theme="dark" data-density="compact"');
});

test('by keys alone, with Hangul switched on; letters can be turned off', async ({ server, page, person }) => {
  const one = await signIn(await person(), server.origin, 'agent1');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('첫째');
  const other = await openShop(await person(), server.origin);
  await other.open();
  await other.send('둘째');
  await expect(one.rows).toHaveCount(2);
  const agent = one.page;
  const press = (code: string, key: string) =>
    agent.evaluate(([code, key]) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true })), [code, key]);

  await press('KeyJ', 'ㅓ');
  await expect(one.rows.first().getByRole('link')).toHaveAttribute('aria-current', 'true');
  await expect(one.startButton).toBeVisible();
  // Opening a chat puts the cursor into its field: letters are text there.
  await agent.keyboard.press('Escape');
  await press('KeyJ', 'ㅓ');
  await expect(one.rows.nth(1).getByRole('link')).toHaveAttribute('aria-current', 'true');
  await agent.keyboard.press('Escape');
  await press('KeyK', 'ㅏ');
  await expect(one.rows.first().getByRole('link')).toHaveAttribute('aria-current', 'true');
  await one.send('안녕하세요');
  await expect(one.endButton).toBeVisible();
  await agent.keyboard.press('Escape');
  await press('KeyA', 'ㅁ');
  await expect(agent.getByRole('dialog', { name: '담당자 위임' })).toBeVisible();
  await agent.keyboard.press('Escape');
  await expect(agent.getByRole('dialog')).toBeHidden();
  await press('KeyE', 'ㄷ');
  await expect(agent.getByRole('dialog').filter({ visible: true })).toContainText('종료');
  await agent.keyboard.press('Escape');
  await press('Slash', '?');
  await expect(agent.getByRole('dialog', { name: '단축키' })).toBeVisible();
  expect(await violations(agent)).toEqual([]);
  await agent.keyboard.press('Escape');
  await agent.keyboard.press('F6');
  await expect(agent.locator('.pane.lists :focus, .pane.thread :focus, .pane.details :focus')).toHaveCount(1);
  await agent.keyboard.press('Alt+Shift+Digit2');
  await expect(one.field).toBeFocused();
  await agent.keyboard.press('Alt+Shift+Digit1');
  await expect(agent.locator('.pane.lists :focus')).toHaveCount(1);

  // Back among the unread: the chat is closed, its row has a mark, a filter finds it.
  await press('KeyU', 'ㅕ');
  await expect(agent.getByText('읽지 않음으로 표시했습니다.')).toBeVisible();
  await expect(agent).toHaveURL(/\/console$/);
  await one.tab('active').click();
  const filters = agent.getByRole('navigation', { name: '상담 거르기' });
  await expect(filters.getByRole('link', { name: '안 읽음 1' })).toBeVisible();
  await filters.getByRole('link', { name: '미답변 0' }).click();
  await expect(agent).toHaveURL(/\?show=unanswered$/);
  await expect(agent.getByText('해당하는 상담이 없습니다')).toBeVisible();
  await filters.getByRole('link', { name: '안 읽음 1' }).click();
  await expect(one.rows).toHaveCount(1);
  expect(await violations(agent)).toEqual([]);
  await agent.goBack();
  await expect(agent.getByText('해당하는 상담이 없습니다')).toBeVisible();
  await agent.goForward();
  await one.rows.first().getByRole('link').click();
  await expect(filters.getByRole('link', { name: '안 읽음 0' })).toBeVisible();

  await agent.goto(`${server.origin}/account`);
  const saved = agent.waitForResponse((response) => response.url().endsWith('/api/accounts/preferences'));
  await expect(async () => {
    await agent.getByRole('switch', { name: '글자 하나로 쓰는 단축키' }).uncheck({ force: true });
    await expect(agent.getByRole('switch', { name: '글자 하나로 쓰는 단축키' })).not.toBeChecked({ timeout: 500 });
  }).toPass();
  await saved;
  await agent.goto(`${server.origin}/console`);
  await expect(agent.getByText('연결됨')).toBeVisible();
  await press('KeyJ', 'ㅓ');
  await press('Slash', '?');
  await expect(agent.getByRole('dialog', { name: '단축키' })).toBeHidden();
  await expect(agent).toHaveURL(/\/console$/);
});

test('panes have the width that was dragged, and the server knows it', async ({ server, page, person }) => {
  const one = await signIn(await person(), server.origin, 'agent1');
  const agent = one.page;
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('안녕하세요');
  await one.openRow();
  const edge = agent.getByRole('separator', { name: '목록 너비' });
  const lists = agent.locator('.pane.lists');
  const before = (await lists.boundingBox())!.width;
  const at = (await edge.boundingBox())!;
  const saved = agent.waitForResponse((response) => response.url().endsWith('/api/accounts/preferences'));
  await agent.mouse.move(at.x + 4, at.y + 200);
  await agent.mouse.down();
  await agent.mouse.move(at.x + 84, at.y + 200, { steps: 4 });
  await agent.mouse.up();
  await saved;
  expect((await lists.boundingBox())!.width).toBe(before + 80);
  await agent.getByRole('separator', { name: '정보 너비' }).focus();
  await agent.keyboard.press('ArrowLeft');
  await expect(agent.getByRole('separator', { name: '정보 너비' })).toHaveAttribute('aria-valuenow', '3');
  await agent.reload();
  expect((await lists.boundingBox())!.width).toBe(before + 80);
});

test('English, on a phone', async ({ server, person }) => {
  const agent = await person({ locale: 'en-US', viewport: { width: 360, height: 740 } });
  await signIn(agent, server.origin, 'agent1', 'en');
  await agent.goto(`${server.origin}/account?lang=en`);
  const card = agent.getByRole('region', { name: 'Notifications' });
  await expect(card.getByText('Only one of your open consoles makes sounds.', { exact: false })).toBeVisible();
  await fits(agent);
  expect(await violations(agent)).toEqual([]);
});
