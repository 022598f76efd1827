// 상용구 (A49, K13): written in the settings, found and inserted while typing.
import type { CDPSession, Locator, Page } from '@playwright/test';
import { Visitor } from '../support/api';
import { violations } from '../support/axe';
import { Desk, openShop, signIn } from '../support/pages';
import { administer, alive, ask, fits, open, staysAt } from '../support/settings';
import { expect, test } from '../support/test';
import type { Lang } from '../support/words';

const LIST = { ko: '상용구', en: 'Canned replies' };

type Scope = 'own' | 'shared';

/** Makes a reply as the person of `page`. */
async function make(page: Page, origin: string, scope: Scope, shortcut: string, ko: string, en = ''): Promise<void> {
  await ask(page, origin, 'canned/create', { scope, words: { shortcut, text: { ko, en } } });
}

const box = (page: Page, lang: Lang = 'ko'): Locator => page.getByRole('listbox', { name: LIST[lang] });
const options = (page: Page): Locator => page.getByRole('listbox').getByRole('option');
const chosen = (page: Page): Locator => page.getByRole('listbox').getByRole('option', { selected: true });

/** A chat of one's own, with the field empty. */
async function talk(page: Page, origin: string, lang: Lang = 'ko'): Promise<Desk> {
  await (await Visitor.arrive(origin)).say('질문');
  const desk = await signIn(page, origin, 'agent1', lang);
  await desk.openRow();
  await desk.startButton.click();
  await expect(desk.startButton).toBeHidden();
  return desk;
}

/** Makes replies before anybody has a console: the service's by an admin. */
async function stock(person: () => Promise<Page>, origin: string): Promise<void> {
  const admin = await person();
  await signIn(admin, origin, 'owner');
  await make(admin, origin, 'shared', '배송', '{{customer.name}}님, 주문 {{주문번호}}은 {{날짜}}에 도착합니다.', 'Dear {{customer.name}}, order {{order number}} arrives soon.');
  await make(admin, origin, 'shared', '인사', '안녕하세요, {{service.name}} {{agent.name}}입니다.');
  await make(admin, origin, 'shared', 'track', 'You can track your parcel at https://shop.example/track.');
}

/** What of the field is selected. */
const selected = (field: Locator): Promise<string> =>
  field.evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd));

/** The messages of this side. */
const own = async (desk: Desk): Promise<string[]> => (await desk.shown()).filter((m) => m.state !== 'received').map((m) => m.text);

test('an admin writes one, an agent finds it by two letters, fills its blanks and sends it', async ({ server, page, person }) => {
  const admin = await person();
  await administer(admin, server.origin, 'canned');
  await expect(admin.getByRole('heading', { name: '아직 상용구가 없습니다' })).toBeVisible();
  const form = admin.getByRole('region', { name: '상용구 만들기' });
  await form.getByLabel('단축어').fill('배송');
  await form.getByLabel('내용 (한국어)').fill('안녕하세요. 주문 {{주문번호}}은 {{날짜}}에 도착합니다.');
  await form.getByRole('button', { name: '상용구 만들기' }).click();
  await expect(admin.getByRole('region', { name: '상용구 목록' }).getByRole('listitem')).toContainText('배송');
  await expect(form.getByLabel('단축어')).toHaveValue('');

  const desk = await talk(page, server.origin);
  await desk.field.pressSequentially('배송');
  await expect(box(page)).toBeVisible();
  await expect(options(page)).toHaveCount(1);
  await expect(options(page)).toContainText('안녕하세요. 주문 {{주문번호}}은');
  await expect(options(page).locator('mark')).toHaveText(['{{주문번호}}', '{{날짜}}']);
  await expect(chosen(page)).toHaveCount(0);
  await expect(desk.field).toHaveAttribute('aria-controls', 'canned-list');
  await desk.field.press('ArrowDown');
  await expect(chosen(page)).toHaveText(/배송/);
  await expect(desk.field).toHaveAttribute('aria-activedescendant', (await chosen(page).getAttribute('id'))!);
  expect(await violations(page)).toEqual([]);
  await desk.field.press('Enter');
  await expect(box(page)).toBeHidden();
  await expect(desk.field).toHaveValue('안녕하세요. 주문 {{주문번호}}은 {{날짜}}에 도착합니다.');
  await expect(desk.field).toBeFocused();
  expect(await selected(desk.field)).toBe('{{주문번호}}');

  await desk.field.pressSequentially('8821');
  await desk.field.press('Enter');
  const refused = page.getByRole('alert').filter({ hasText: '아직 채우지 않은 곳이 있습니다: 날짜.' });
  await expect(refused).toBeVisible();
  await expect(desk.field).toHaveAttribute('aria-invalid', 'true');
  await expect(desk.field).toHaveAccessibleDescription(/날짜/);
  expect(await selected(desk.field)).toBe('{{날짜}}');
  await expect(desk.field).toHaveValue('안녕하세요. 주문 8821은 {{날짜}}에 도착합니다.');
  expect(await violations(page)).toEqual([]);
  await desk.sendButton.click();
  expect(await selected(desk.field)).toBe('{{날짜}}');
  expect(await own(desk)).toEqual([]);
  await desk.field.pressSequentially('내일');
  await expect(refused).toBeHidden();
  await expect(desk.field).not.toHaveAttribute('aria-invalid');
  await desk.field.press('Enter');
  await desk.expectMessage('안녕하세요. 주문 8821은 내일에 도착합니다.', /sent|delivered|seen/);
  expect(await own(desk)).toEqual(['안녕하세요. 주문 8821은 내일에 도착합니다.']);
});

test('by initial consonants, by a slash, and by what a text says', async ({ server, page, person }) => {
  await stock(person, server.origin);
  const elsewhere = await person();
  await signIn(elsewhere, server.origin, 'agent1');
  await make(elsewhere, server.origin, 'own', '배송완료', '어제 도착했습니다.');
  const desk = await talk(page, server.origin);
  for (const [typed, found] of [['ㅂㅅ', ['배송완료', '배송']], ['배ㅅ', ['배송완료', '배송']], ['안녕', ['인사']], ['tra', ['track']]] as const) {
    await desk.field.fill('');
    await desk.field.pressSequentially(`네, ${typed}`);
    await expect(options(page).locator('b')).toHaveText([...found]);
  }
  await expect(page.getByText('내 상용구', { exact: true })).toBeHidden();
  // All of them; the first is chosen, for who asks wants one.
  await desk.field.fill('');
  await desk.field.pressSequentially('/');
  await expect(options(page).locator('b')).toHaveText(['배송완료', 'track', '배송', '인사']);
  await expect(options(page).first()).toContainText('내 상용구');
  await expect(chosen(page)).toContainText('배송완료');
  await desk.field.press('ArrowUp');
  await expect(chosen(page)).toContainText('인사');
  await desk.field.pressSequentially('ㅇㅅ');
  await expect(options(page)).toHaveCount(1);
  await desk.field.press('Tab');
  await expect(desk.field).toBeFocused();
  // What is known fills itself in.
  await expect(desk.field).toHaveValue(/^안녕하세요, .+ 상담원1입니다\.$/);
  await desk.field.press('Enter');
  await desk.expectMessage('상담원1입니다.', /sent|delivered|seen/);
  await desk.field.pressSequentially('/없는것');
  await expect(page.getByText('맞는 상용구가 없습니다.')).toBeVisible();
  // What was made meanwhile is there when the list is opened anew.
  await make(elsewhere, server.origin, 'own', '없는것', '있습니다.');
  await desk.field.fill('');
  await desk.field.pressSequentially('/');
  await expect(options(page)).toHaveCount(5);
});

test('a click inserts in place of what was typed, amid a draft', async ({ server, page, person }) => {
  await stock(person, server.origin);
  const desk = await talk(page, server.origin);
  await desk.field.fill('첫 줄\n\n끝');
  await desk.field.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(4, 4));
  await desk.field.pressSequentially('ㅂㅅ');
  await options(page).filter({ hasText: '배송' }).click();
  await expect(desk.field).toBeFocused();
  await expect(desk.field).toHaveValue('첫 줄\n{{customer.name}}님, 주문 {{주문번호}}은 {{날짜}}에 도착합니다.\n끝');
  expect(await selected(desk.field)).toBe('{{customer.name}}');
  await desk.sendButton.click();
  await expect(page.getByRole('alert').filter({ hasText: '아직 채우지 않은 곳이 있습니다: 고객 이름, 주문번호, 날짜.' })).toBeVisible();
  expect(await own(desk)).toEqual([]);
});

test('nothing chosen, nothing changes: Enter sends, Escape closes for the word', async ({ server, page, person }) => {
  await stock(person, server.origin);
  const desk = await talk(page, server.origin);
  await desk.field.pressSequentially('배송');
  await expect(box(page)).toBeVisible();
  await desk.field.press('Enter');
  await desk.expectMessage('배송', /sent|delivered|seen/);
  await expect(box(page)).toBeHidden();
  await desk.field.pressSequentially('배ㅅ');
  await expect(box(page)).toBeVisible();
  await desk.field.press('Escape');
  await expect(box(page)).toBeHidden();
  await desk.field.press('Backspace');
  await desk.field.pressSequentially('송');
  await expect(desk.field).toHaveValue('배송');
  await expect(box(page)).toBeHidden();
  await desk.field.pressSequentially(' 배송');
  await expect(box(page)).toBeVisible();
  // The button sends whatever is chosen.
  await desk.field.press('ArrowDown');
  await expect(chosen(page)).toHaveCount(1);
  await desk.sendButton.click();
  await desk.expectMessage('배송 배송', /sent|delivered|seen/);
  await desk.field.pressSequentially('배송');
  await expect(box(page)).toBeVisible();
  await desk.field.press('Tab');
  await expect(box(page)).toBeHidden();
  await expect(desk.field).not.toBeFocused();
});

// ---- the browser's own composition ----

async function compose(cdp: CDPSession, ...steps: string[]): Promise<void> {
  for (const text of steps) await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
}

const press = async (cdp: CDPSession, code: string, commit: string) => {
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', code, windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 });
  await cdp.send('Input.insertText', { text: commit });
};

test('a Korean input method finds, chooses and never loses its Enter', async ({ server, page, person }) => {
  await stock(person, server.origin);
  const desk = await talk(page, server.origin);
  const cdp = await page.context().newCDPSession(page);
  await desk.field.focus();
  // A lone consonant becomes a syllable: nothing flickers up.
  await compose(cdp, 'ㅂ');
  await expect(desk.field).toHaveValue('ㅂ');
  await expect(box(page)).toBeHidden();
  // Two are drawn together by the input method.
  await compose(cdp, 'ㅄ');
  await expect(options(page).locator('b')).toHaveText(['배송']);
  // With nothing chosen Enter sends the composed text, whole and once.
  await press(cdp, 'Enter', 'ㅄ');
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' });
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
  await desk.expectMessage('ㅄ', /sent|delivered|seen/);
  // An arrow ends the syllable and chooses, once, though the press is told twice.
  await compose(cdp, 'ㅂ', 'ㅄ');
  await expect(options(page)).toHaveCount(1);
  await press(cdp, 'ArrowDown', 'ㅄ');
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'ArrowDown', code: 'ArrowDown', windowsVirtualKeyCode: 40 });
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'ArrowDown', code: 'ArrowDown', windowsVirtualKeyCode: 40 });
  await expect(chosen(page)).toContainText('배송');
  await desk.field.press('Enter');
  await expect(desk.field).toHaveValue(/^\{\{customer\.name\}\}님/);
  await desk.field.fill('');
  // By a slash the first is chosen at once: Enter amid the syllable inserts it, and sends nothing.
  await desk.field.pressSequentially('/');
  await compose(cdp, 'ㅇ', '이', '인');
  await expect(chosen(page)).toContainText('인사');
  await press(cdp, 'Enter', '인');
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' });
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
  await expect(desk.field).toHaveValue(/^안녕하세요, .+ 상담원1입니다\.$/);
  expect(await own(desk)).toEqual(['ㅄ']);
  // A click amid a syllable inserts once.
  await desk.field.fill('');
  await compose(cdp, 'ㅇ', '이', '인', '인ㅅ');
  await options(page).filter({ hasText: '인사' }).click();
  await expect(desk.field).toHaveValue(/^안녕하세요, .+ 상담원1입니다\.$/);
});

test('an English customer gets the English text, at an English desk', async ({ server, page, person }) => {
  await stock(person, server.origin);
  const shop = await openShop(await person(), server.origin, '/demo/shop', 'en');
  await shop.open();
  await shop.send('Where is it?');
  const desk = await signIn(page, server.origin, 'agent1', 'en');
  await desk.openRow();
  await desk.startButton.click();
  await expect(desk.tab('active', 1)).toBeVisible();
  await desk.field.pressSequentially('ㅂㅅ');
  await expect(box(page, 'en')).toBeVisible();
  await expect(options(page)).toContainText('order {{order number}} arrives soon.');
  await desk.field.press('ArrowDown');
  await desk.field.press('Enter');
  await expect(desk.field).toHaveValue('Dear {{customer.name}}, order {{order number}} arrives soon.');
  await desk.field.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'Not filled in yet: customer’s name, order number.' })).toBeVisible();
  await desk.field.fill('');
  // There is only a Korean one.
  await desk.field.pressSequentially('/인사');
  await desk.field.press('Enter');
  await expect(desk.field).toHaveValue(/^안녕하세요, /);
});

test('a customer’s name is no blank, and markup is text', async ({ server, page, person }) => {
  const admin = await person();
  await signIn(admin, server.origin, 'owner');
  await make(admin, server.origin, 'shared', '<img>', '<img src=x onerror=alert(1)> </textarea> {{agent.name}}');
  const desk = await talk(page, server.origin);
  await desk.field.pressSequentially('/<img');
  await expect(options(page)).toContainText('<img src=x onerror=alert(1)>');
  await desk.field.press('Enter');
  await expect(desk.field).toHaveValue('<img src=x onerror=alert(1)> </textarea> 상담원1');
  await desk.field.press('Enter');
  await desk.expectMessage('<img src=x onerror=alert(1)>', /sent|delivered|seen/);
});

test('what another admin saved first is shown, and nothing typed is lost', async ({ server, page, person }) => {
  await administer(page, server.origin, 'canned');
  await make(page, server.origin, 'shared', '배송', '하나');
  await make(page, server.origin, 'shared', '환불', '둘');
  await open(page, server.origin, 'canned');
  const other = await person();
  await administer(other, server.origin, 'canned');
  for (const who of [page, other]) await who.getByRole('button', { name: '배송 상용구 수정' }).click();
  const form = (who: Page) => who.getByRole('form', { name: '배송 상용구 수정' });
  await expect(form(page).getByLabel('단축어')).toBeFocused();
  await form(page).getByLabel('내용 (한국어)').fill('첫째가 씀');
  await form(page).getByRole('button', { name: '저장' }).click();
  await expect(form(page)).toBeHidden();
  await expect(page.getByRole('button', { name: '배송 상용구 수정' })).toBeFocused();
  await form(other).getByLabel('내용 (한국어)').fill('둘째가 씀');
  await form(other).getByRole('button', { name: '저장' }).click();
  await expect(form(other)).toContainText('그 사이 다른 사람이 바꿨습니다. 지금 저장된 내용:첫째가 씀');
  await expect(form(other).getByLabel('내용 (한국어)')).toHaveValue('둘째가 씀');
  await form(other).getByRole('button', { name: '저장' }).click();
  await expect(form(other)).toBeHidden();
  await expect(other.getByRole('listitem').filter({ hasText: '배송' })).toContainText('둘째가 씀');

  // Deleted meanwhile: what was written goes into the form for a new one.
  await page.getByRole('button', { name: '환불 상용구 수정' }).click();
  await page.getByRole('form', { name: '환불 상용구 수정' }).getByLabel('내용 (한국어)').fill('새 환불 안내');
  await other.getByRole('button', { name: '환불 상용구 삭제' }).click();
  await other.getByRole('dialog').getByRole('button', { name: '삭제' }).click();
  await expect(other.getByRole('listitem').filter({ hasText: '환불' })).toBeHidden();
  await page.getByRole('form', { name: '환불 상용구 수정' }).getByRole('button', { name: '저장' }).click();
  await expect(page.getByText('그 사이 삭제된 상용구입니다.')).toBeVisible();
  const fresh = page.getByRole('region', { name: '상용구 만들기' });
  await expect(fresh.getByLabel('내용 (한국어)')).toHaveValue('새 환불 안내');
  await staysAt(page, '카테고리 관리');
});

test('what is wrong is told beside its field, and the list is searched', async ({ server, page }) => {
  await administer(page, server.origin, 'canned');
  for (const [name, text] of [['배송', '내일 도착합니다.'], ['환불', '사흘 걸립니다.']]) await make(page, server.origin, 'shared', name, text);
  await open(page, server.origin, 'canned');
  const form = page.getByRole('region', { name: '상용구 만들기' });
  const submit = form.getByRole('button', { name: '상용구 만들기' });
  await submit.click();
  await expect(form.getByLabel('단축어')).toHaveAccessibleDescription('입력해 주세요.');
  await expect(form.getByLabel('내용 (한국어)')).toHaveAccessibleDescription('입력해 주세요.');
  await form.getByLabel('내용 (한국어)').fill('가');
  for (const [name, problem] of [['배송 비', '띄어쓰기 없이, / 로 시작하지 않게 적어 주세요.'], ['/배송', '띄어쓰기 없이, / 로 시작하지 않게 적어 주세요.'], ['배송', '이미 쓰고 있습니다.'], ['가'.repeat(41), '너무 깁니다.']]) {
    await form.getByLabel('단축어').fill(name);
    await submit.click();
    await expect(form.getByLabel('단축어')).toHaveAccessibleDescription(problem);
  }
  const rows = page.getByRole('region', { name: '상용구 목록' }).getByRole('listitem');
  const search = page.getByLabel('단축어나 내용으로 찾기');
  await search.fill('ㅎㅂ');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('환불');
  await search.fill('도착');
  await expect(rows).toContainText('배송');
  await search.fill('없음');
  await expect(page.getByRole('status').filter({ hasText: '찾는 상용구가 없습니다.' })).toBeVisible();
});

test('one’s own are kept in one’s account, and at hand in the console at once', async ({ server, page, person }) => {
  const desk = await talk(page, server.origin);
  await desk.field.pressSequentially('/');
  await expect(page.getByText('상용구가 없습니다. 내 계정에서 만들 수 있습니다.')).toBeVisible();
  await desk.field.fill('');
  await page.getByRole('navigation').getByRole('link', { name: '계정' }).click();
  await page.getByRole('link', { name: '내 상용구 관리' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '내 상용구' })).toBeVisible();
  await page.getByLabel('단축어', { exact: true }).fill('퇴근');
  await page.getByLabel('내용 (한국어)').fill('내일 다시 연락드리겠습니다.');
  await page.getByRole('button', { name: '상용구 만들기' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: '퇴근' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('navigation').getByRole('link', { name: /^상담/ }).click();
  await desk.tab('active').click();
  await desk.openRow();
  await desk.field.pressSequentially('ㅌㄱ');
  await expect(options(page)).toContainText('내일 다시 연락드리겠습니다.');
  // Nobody else has it.
  const colleague = await person();
  await signIn(colleague, server.origin, 'agent2');
  expect((await ask<{ replies: unknown[] }>(colleague, server.origin, 'canned/list', {})).replies).toEqual([]);
});

test('a change of the settings reaches a console that is open', async ({ server, page, person }) => {
  await stock(person, server.origin);
  const desk = await talk(page, server.origin);
  await desk.field.pressSequentially('새로');
  await expect(box(page)).toBeHidden();
  const admin = await person();
  await signIn(admin, server.origin, 'owner');
  const answered = page.waitForResponse('**/api/desk');
  await make(admin, server.origin, 'shared', '새로운것', '방금 만들었습니다.');
  await answered;
  await desk.field.fill('');
  await expect(async () => {
    await desk.field.fill('');
    await desk.field.pressSequentially('새로');
    await expect(options(page)).toContainText('방금 만들었습니다.', { timeout: 1_000 });
  }).toPass();
});

for (const lang of ['ko', 'en'] as Lang[]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the pages fit a phone and axe finds nothing (${lang}, ${colorScheme})`, async ({ server, person }) => {
      await stock(person, server.origin);
      const narrow = await person({ viewport: { width: 360, height: 740 }, colorScheme, reducedMotion: 'reduce', locale: lang === 'ko' ? 'ko-KR' : 'en-US' });
      await administer(narrow, server.origin, 'canned', lang);
      await make(narrow, server.origin, 'shared', 'x'.repeat(40), 'https://shop.example/'.repeat(20));
      await open(narrow, server.origin, 'canned', lang);
      await fits(narrow);
      expect(await violations(narrow)).toEqual([]);
      await narrow.getByRole('listitem').filter({ hasText: 'track' }).getByRole('button').first().click();
      await expect(narrow.locator('#edit-canned-shortcut')).toBeFocused();
      await fits(narrow);
      await narrow.goto(`${server.origin}/account/canned${lang === 'en' ? '?lang=en' : ''}`);
      await alive(narrow);
      await fits(narrow);
      expect(await violations(narrow)).toEqual([]);

      const phone = await person({ viewport: { width: 360, height: 740 }, colorScheme, reducedMotion: 'reduce' });
      const desk = await talk(phone, server.origin, lang);
      await desk.field.pressSequentially('/');
      await expect(options(phone)).toHaveCount(4);
      await fits(phone);
      const place = (await box(phone, lang).boundingBox())!;
      expect(place.x).toBeGreaterThanOrEqual(0);
      expect(place.x + place.width).toBeLessThanOrEqual(360);
      expect(place.y).toBeGreaterThanOrEqual(0);
      expect(await violations(phone)).toEqual([]);
      await options(phone).filter({ hasText: '배송' }).click();
      await desk.sendButton.click();
      await expect(phone.locator('#canned-problem')).toBeVisible();
      await fits(phone);
      expect(await violations(phone)).toEqual([]);
    });
  }
}
