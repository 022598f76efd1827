// The pane beside a chat: what is noted, tickets, earlier chats, and what admins set about them.
import type { Locator, Page } from '@playwright/test';
import { Colleague, Visitor } from '../support/api';
import { violations } from '../support/axe';
import { type Desk, openShop, signIn } from '../support/pages';
import { administer, alive, ask, fits, open } from '../support/settings';
import { expect, test } from '../support/test';

const SHOTS = 'results/panel';

const field = (page: Page, name: string): Locator => page.locator('#details').getByRole('textbox', { name, exact: true });
const save = (page: Page): Locator => page.locator('#details').getByRole('button', { name: '저장', exact: true });
const category = (page: Page): Locator => page.locator('#details').getByRole('combobox', { name: /^처리유형/ });

/** Makes 배송 › 지연 and 결제 › 환불, which must be picked or need not. */
async function settle(person: () => Promise<Page>, origin: string, required = false): Promise<Page> {
  const admin = await person();
  await signIn(admin, origin, 'owner');
  for (const [top, below] of [['배송', '지연'], ['결제', '환불']]) {
    const tree = await ask<{ id: string; name: { ko: string } }[]>(admin, origin, 'categories/create', { parent: null, name: { ko: top, en: '' } });
    const parent = tree.find((one) => one.name.ko === top)!.id;
    await ask(admin, origin, 'categories/create', { parent, name: { ko: below, en: '' } });
  }
  if (required) await ask(admin, origin, 'settings/closing/save', { over: 0, value: { category_required: true } });
  return admin;
}

/** A chat in hand, its pane loaded. */
async function talk(page: Page, origin: string, words = '배송이 안 왔어요', who = 'agent1'): Promise<Desk> {
  await (await Visitor.arrive(origin)).say(words);
  const desk = await signIn(page, origin, who);
  await begin(desk);
  return desk;
}

async function begin(desk: Desk): Promise<void> {
  await desk.openRow();
  await desk.startButton.click();
  await expect(desk.startButton).toBeHidden();
  await expect(desk.page.locator('#info-name')).toBeVisible();
}

test('notes are saved by 저장 alone, survive a change of chats and a reload, and the second of two is told', async ({ server, page, person }) => {
  await settle(person, server.origin);
  await (await Visitor.arrive(server.origin)).say('다른 상담');
  const desk = await talk(page, server.origin);
  await expect(save(page)).toBeDisabled();
  await field(page, '이름').fill('김민수');
  await field(page, '메모').fill('단골 고객');
  await expect(page.getByText('저장하지 않은 변경이 있습니다', { exact: false })).toBeVisible();
  const address = page.url();

  // Another chat in front, and back.
  await desk.tab('waiting').click();
  await desk.rows.first().getByRole('link').click();
  await expect(page).not.toHaveURL(address);
  await expect(page.locator('#info-name')).toHaveValue('');
  await page.goto(address);
  await expect(page.locator('#info-name')).toHaveValue('김민수');
  await expect(page.locator('#info-memo')).toHaveValue('단골 고객');

  // In another browser of the same agent: kept on the server, and still not saved.
  const elsewhere = await person();
  await signIn(elsewhere, server.origin, 'agent1');
  await elsewhere.goto(address);
  await expect(elsewhere.locator('#info-name')).toHaveValue('김민수');
  await field(elsewhere, '이름').fill('김먼저');
  await save(elsewhere).click();
  await expect(elsewhere.getByText('고객정보와 상담정보를 저장했습니다.')).toBeVisible();

  // What was typed here stays, and its save is told what is other now.
  await expect(page.locator('#info-name')).toHaveValue('김민수');
  await field(page, '이메일').fill('minsu@a.example');
  await save(page).click();
  const notice = page.locator('#details').getByRole('alert').filter({ hasText: '먼저 저장했습니다' });
  await expect(notice).toContainText('저장한 사람: 상담원1');
  await expect(notice).toContainText('이름: 김먼저');
  await notice.getByRole('button', { name: '내 내용으로 저장' }).click();
  await expect(save(page)).toBeDisabled();
  await expect(notice).toBeHidden();
  // The other console hears it at once, without a reload.
  await expect(elsewhere.locator('#info-name')).toHaveValue('김민수');
  await expect(elsewhere.locator('#info-email')).toHaveValue('minsu@a.example');
});

test('a wrong address is told beside its field, and 되돌리기 takes all of it back', async ({ server, page }) => {
  await talk(page, server.origin);
  await field(page, '이메일').fill('minsu');
  await save(page).click();
  await expect(field(page, '이메일')).toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, '이메일')).toHaveAccessibleDescription(/이메일/);
  await page.locator('#details').getByRole('button', { name: '되돌리기' }).click();
  await expect(field(page, '이메일')).toHaveValue('');
  await expect(save(page)).toBeDisabled();
});

test('처리유형 is picked by keyboard, needed before the end, and readable when deleted', async ({ server, page, person }) => {
  const admin = await settle(person, server.origin, true);
  const desk = await talk(page, server.origin);
  await desk.send('확인하겠습니다');
  // What is missing has the focus, and says so when one confirms without it.
  await desk.endButton.click();
  const dialog = page.getByRole('dialog', { name: '대화를 종료할까요?' });
  await expect(dialog.getByRole('combobox', { name: /^처리유형/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('처리유형을 골라 주세요.')).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: /^처리유형/ })).toHaveAttribute('aria-invalid', 'true');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await category(page).focus();
  await page.keyboard.press('ArrowDown');
  const options = page.getByRole('listbox', { name: '처리유형' }).getByRole('option');
  await expect(options).toHaveText(['배송', '배송 › 지연', '결제', '결제 › 환불']);
  await category(page).pressSequentially('ㅎㅂ');
  await expect(options).toHaveText(['결제 › 환불']);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(category(page)).toHaveValue('');
  await category(page).pressSequentially('지연');
  await page.keyboard.press('Enter');
  await expect(category(page)).toHaveValue('배송 › 지연');
  await save(page).click();
  await expect(save(page)).toBeDisabled();

  // A deleted one stays readable.
  const tree = await ask<{ id: string; name: { ko: string } }[]>(admin, server.origin, 'categories/list', {});
  await ask(admin, server.origin, 'categories/delete', { category: tree.find((one) => one.name.ko === '배송')!.id });
  await expect(category(page)).toHaveValue('배송 › 지연 (삭제됨)');
  await desk.end();
  await expect(page).toHaveURL(/\/console$/);
});

test('all that is asked for at the end is answered by keyboard, and stored with it', async ({ server, page, person }) => {
  const admin = await settle(person, server.origin, true);
  await ask(admin, server.origin, 'tags/create', { name: '단골' });
  const desk = await talk(page, server.origin);
  await desk.send('확인하겠습니다');
  await field(page, '이름').fill('김민수');
  await field(page, '메모').fill('다음 주에 전화');
  const address = page.url();

  // By the key, from within the field: nothing is lost by thinking better of it.
  await page.keyboard.press('Control+Alt+Enter');
  const dialog = page.getByRole('dialog', { name: '대화를 종료할까요?' });
  const picker = dialog.getByRole('combobox', { name: /^처리유형/ });
  await expect(picker).toBeFocused();
  const unsaved = dialog.getByRole('group', { name: '저장하지 않은 고객정보' });
  await expect(unsaved).toContainText('이름: 김민수');
  await expect(unsaved).toContainText('메모: 다음 주에 전화');
  await expect(unsaved.getByRole('radio', { name: '저장' })).toBeChecked();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(field(page, '이름')).toHaveValue('김민수');

  await page.keyboard.press('Control+Alt+Enter');
  await expect(picker).toBeFocused();
  await picker.pressSequentially('ㅎㅂ');
  await page.keyboard.press('Enter');
  await expect(picker).toHaveValue('결제 › 환불');
  // The button that takes the category away stands before the tags.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('checkbox', { name: '단골' })).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('checkbox', { name: /^티켓 #1 해결/ })).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/console$/);

  await page.goto(address);
  await expect(page.locator('#info-name')).toHaveValue('김민수');
  await expect(page.locator('#info-memo')).toHaveValue('다음 주에 전화');
  await expect(save(page)).toBeDisabled();
  await expect(category(page)).toHaveValue('결제 › 환불');
  await expect(page.locator('#details').getByRole('checkbox', { name: '단골' })).toBeChecked();
  await expect(page.getByRole('region', { name: '티켓', exact: true })).toContainText('해결');
});

test('what is not saved can be thrown away with the end, and the dialog fits a phone', async ({ server, page, person }) => {
  const admin = await settle(person, server.origin);
  for (const name of ['Refund', 'Exchange', 'Delivery', 'Regular customer', 'Wholesale', 'Complaint']) await ask(admin, server.origin, 'tags/create', { name });
  await (await Visitor.arrive(server.origin)).say('Hello');
  const desk = await signIn(page, server.origin, 'agent1', 'en');
  await begin(desk);
  await desk.send('One moment');
  await page.locator('#info-memo').fill('Not to be kept');
  const address = page.url();
  await page.setViewportSize({ width: 360, height: 560 });
  await desk.endButton.click();
  const dialog = page.getByRole('dialog', { name: 'End this chat?' });
  await expect(dialog.getByRole('group', { name: 'Unsaved customer details' })).toContainText('Not to be kept');
  // It scrolls within itself: what confirms is always in view.
  await expect(dialog.getByRole('button', { name: 'End chat' })).toBeInViewport({ ratio: 1 });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeInViewport({ ratio: 1 });
  await fits(page);
  await dialog.getByRole('checkbox', { name: /^Solve ticket #1/ }).focus();
  await expect(dialog.getByRole('checkbox', { name: /^Solve ticket #1/ })).toBeInViewport();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('radio', { name: 'Save' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'Discard' })).toBeChecked();
  await dialog.getByRole('button', { name: 'End chat' }).press('Enter');
  await expect(page).toHaveURL(/\/console$/);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(address);
  await expect(page.locator('#info-memo')).toHaveValue('');
});

for (const lang of ['ko', 'en'] as const) {
  test(`one ends a chat and goes on with the next that wants an answer, by keyboard alone (${lang})`, async ({ server, page }) => {
    const names = { ko: { dialog: '대화를 종료할까요?', end: '대화 종료', next: '종료하고 다음' }, en: { dialog: 'End this chat?', end: 'End chat', next: 'End and next' } }[lang];
    const customers = [];
    for (const words of ['first', 'second', 'third']) {
      const customer = await Visitor.arrive(server.origin);
      await customer.say(words);
      customers.push(customer);
    }
    const desk = await signIn(page, server.origin, 'agent1', lang);
    for (const words of ['first', 'second', 'third']) {
      await desk.tab('waiting').click();
      await desk.rows.filter({ hasText: words }).getByRole('link').click();
      await desk.startButton.click();
      await expect(desk.startButton).toBeHidden();
      await desk.send(`re: ${words}`);
      await desk.expectMessage(`re: ${words}`);
    }
    await desk.tab('active').click();
    await expect(desk.rows).toHaveCount(3);
    await desk.rows.filter({ hasText: 'second' }).getByRole('link').click();
    await desk.expectMessage('re: second');
    await customers[0].say('anybody?');
    await expect(desk.rows.filter({ hasText: 'anybody?' })).toHaveCount(1);

    // N writes a note and R a reply, wherever the letters lie; in a field they are letters.
    await desk.field.press('Escape');
    await page.keyboard.press('n');
    const note = page.getByRole('textbox', { name: lang === 'ko' ? '메모 내용' : 'Note text', exact: true });
    await expect(note).toBeFocused();
    await page.keyboard.press('r');
    await expect(note).toHaveValue('r');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await expect(desk.field).toBeFocused();

    await page.keyboard.press('Control+Alt+Enter');
    const dialog = page.getByRole('dialog', { name: names.dialog });
    await expect(dialog.getByRole('button', { name: names.next })).toBeFocused();
    await expect(dialog.getByRole('button', { name: names.end, exact: true })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await desk.expectMessage('anybody?');
    // The next one in the list, as nobody else has written; then there is nobody.
    await page.keyboard.press('Control+Alt+Enter');
    await page.keyboard.press('Enter');
    await desk.expectMessage('re: third');
    await page.keyboard.press('Control+Alt+Enter');
    await expect(dialog.getByRole('button', { name: names.end, exact: true })).toBeFocused();
    await expect(dialog.getByRole('button', { name: names.next })).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/console(\?|$)/);
    await expect(desk.tab('active', 0)).toBeVisible();
  });
}

for (const lang of ['ko', 'en'] as const) {
  test(`the lists are searched by what is noted beside a chat, and the address keeps it (${lang})`, async ({ server, page }) => {
    const names = {
      ko: { find: '상담 찾기', name: '이름', save: '저장', none: '찾는 상담이 없습니다' },
      en: { find: 'Find chats', name: 'Name', save: 'Save', none: 'No such chats' },
    }[lang];
    for (const words of ['first', 'second']) await (await Visitor.arrive(server.origin)).say(words);
    const desk = await signIn(page, server.origin, 'agent1', lang);
    for (const words of ['first', 'second']) {
      await desk.tab('waiting').click();
      await desk.rows.filter({ hasText: words }).getByRole('link').click();
      await desk.startButton.click();
      await expect(desk.startButton).toBeHidden();
    }
    await desk.expectMessage('second');
    await field(page, names.name).fill('김민수');
    await page.locator('#details').getByRole('button', { name: names.save, exact: true }).click();
    await expect(desk.rows.filter({ hasText: 'second' })).toContainText('김민수');
    await expect(page.locator('#thread-title')).toContainText('김민수');

    const find = page.getByRole('searchbox', { name: names.find });
    await expect(desk.rows).toHaveCount(2);
    await find.pressSequentially('ㄱㅁㅅ');
    await expect(desk.rows).toHaveCount(1);
    await expect(desk.rows).toContainText('second');
    await expect(page).toHaveURL(/\?q=%E3%84%B1%E3%85%81%E3%85%85$/);
    await expect(desk.tab('active', 2)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    // The address brings it back; what it does not find it says.
    await page.goto(`${page.url()}&lang=${lang}`);
    await desk.connected();
    await expect(find).toHaveValue('ㄱㅁㅅ');
    await desk.tab('active').click();
    await expect(desk.rows).toHaveCount(1);
    await page.screenshot({ path: `${SHOTS}/search-${lang}-desk.png` });
    // It stays while chats are opened and left.
    await desk.rows.getByRole('link').click();
    await desk.expectMessage('second');
    await expect(page).toHaveURL(/\/console\/[^?]+\?q=/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('u');
    await expect(page).toHaveURL(/\/console\?q=/);
    await expect(desk.rows).toHaveCount(1);
    await find.fill('이');
    await expect(page.getByText(names.none)).toBeVisible();
    await find.press('Escape');
    await expect(find).toHaveValue('');
    await expect(desk.rows).toHaveCount(2);
    await expect(page).not.toHaveURL(/q=/);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${server.origin}/console?q=${encodeURIComponent('민수')}&lang=${lang}`);
    await desk.tab('active').click();
    await expect(desk.rows).toHaveCount(1);
    await fits(page);
    await page.screenshot({ path: `${SHOTS}/search-${lang}-phone.png` });
  });
}

test('what is not saved and not sent goes with a delegation to the colleague', async ({ server, page, person }) => {
  const desk = await talk(page, server.origin);
  await desk.send('확인하겠습니다');
  const two = await signIn(await person(), server.origin, 'agent2');
  await two.is('online');
  await field(page, '메모').fill('환불 약속함');
  await desk.field.fill('확인해 보니');
  await page.getByRole('button', { name: '다른 작업' }).click();
  await page.getByRole('menuitem', { name: '담당자 위임' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /상담원2/ }).check();
  await dialog.getByRole('button', { name: '담당자 위임' }).click();
  await expect(dialog).toBeHidden();

  await two.tab('held').click();
  await two.rows.first().getByRole('link').click();
  await expect(two.page.locator('#info-memo')).toHaveValue('환불 약속함');
  await expect(two.page.getByText('상담원1님이 저장하지 않고 넘긴 내용입니다.', { exact: false })).toBeVisible();
  await expect(two.field).toHaveValue('확인해 보니');
  await expect(two.page.getByText('상담원1님이 쓰던 글입니다.', { exact: false })).toBeVisible();
  expect(await violations(two.page)).toEqual([]);
  await save(two.page).click();
  await expect(two.page.getByText('상담원1님이 저장하지 않고 넘긴 내용입니다.', { exact: false })).toBeHidden();
});

test('a ticket begins with the chat, is edited beside it, and another one is made', async ({ server, page, person }) => {
  const admin = await settle(person, server.origin);
  await ask(admin, server.origin, 'tags/create', { name: '환불' });
  const desk = await talk(page, server.origin);
  const tickets = page.getByRole('region', { name: '티켓', exact: true });
  const card = tickets.getByRole('listitem');
  await expect(card).toHaveCount(1);
  await expect(card).toContainText('티켓 #1');
  await expect(card).toContainText(/채팅 상담 · 고객 [0-9A-F]{4} · 주문조회/);
  await expect(card).toContainText('처리중');
  await expect(card).toContainText('상담원1');

  await card.getByRole('button').click();
  await expect(page.getByRole('heading', { name: '티켓 #1' })).toBeFocused();
  // The conversation stays beside it.
  await expect(desk.log).toBeVisible();
  await field(page, '제목').fill('환불 요청');
  await field(page, '내용').fill('흰색으로 바꾸고 싶어 함');
  await page.getByLabel('우선순위').selectOption({ label: '긴급' });
  await page.getByRole('checkbox', { name: '환불' }).check();
  await expect(page.getByRole('checkbox', { name: 'Chat' })).toBeDisabled();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/ticket-ko.png` });
  // What is typed stays on the way to another chat and back.
  await page.locator('#details').getByRole('button', { name: '뒤로' }).click();
  await card.getByRole('button').click();
  await expect(field(page, '제목')).toHaveValue('환불 요청');
  await save(page).click();
  await expect(page.getByText('티켓을 저장했습니다.')).toBeVisible();
  const log = page.getByRole('region', { name: '변경 이력' });
  await expect(log).toContainText('우선순위: 일반 → 긴급');
  await expect(log).toContainText('태그: +환불');
  await expect(log).toContainText('티켓을 만듦');

  // A colleague with the right saves it meanwhile: this page is told.
  const { id } = (await ask<{ tickets: { id: string }[] }>(page, server.origin, 'panel/load', { chat: page.url().split('/').pop() })).tickets[0];
  const there = await ask<{ fields: { version: number; value: Record<string, unknown> } }>(admin, server.origin, 'tickets/load', { ticket: id });
  await field(page, '제목').fill('내 제목');
  await ask(admin, server.origin, 'tickets/save', { ticket: id, over: there.fields.version, fields: { ...there.fields.value, subject: '관리자의 제목' } });
  await save(page).click();
  await expect(page.locator('#details').getByRole('alert').filter({ hasText: '먼저 저장했습니다' })).toContainText('제목: 관리자의 제목');
  await page.getByRole('button', { name: '저장된 내용 불러오기' }).click();
  await expect(field(page, '제목')).toHaveValue('관리자의 제목');
  await page.locator('#details').getByRole('button', { name: '뒤로' }).click();
  await expect(card).toContainText('관리자의 제목');

  await tickets.getByRole('button', { name: '다른 티켓 만들기' }).click();
  await field(page, '제목').fill('');
  await page.locator('#details').getByRole('button', { name: '티켓 만들기' }).click();
  await expect(field(page, '제목')).toHaveAccessibleDescription('입력해 주세요.');
  await field(page, '제목').fill('따로 확인할 일');
  await page.locator('#details').getByRole('button', { name: '티켓 만들기' }).click();
  await expect(page.getByRole('heading', { name: '티켓 #2' })).toBeVisible();
  await page.locator('#details').getByRole('button', { name: '뒤로' }).click();
  await expect(card).toHaveCount(2);
  await expect(card.first()).toContainText('따로 확인할 일');
});

test('earlier chats are listed page by page and read beside the chat', async ({ server, page }) => {
  const visitor = await Visitor.arrive(server.origin);
  const agent = await Colleague.signIn(server.origin, 'agent2');
  for (let n = 0; n < 11; n += 1) {
    await visitor.say(`지난 문의 ${n}`);
    const chat = visitor.chat!;
    await agent.start(chat);
    await agent.reply(chat, `지난 답 ${n}`);
    await agent.end(chat);
    visitor.chat = undefined;
  }
  await visitor.say('또 왔어요');
  const desk = await signIn(page, server.origin, 'agent1');
  await begin(desk);
  const earlier = page.getByRole('region', { name: '지난 상담 11건' });
  await expect(earlier.getByRole('listitem')).toHaveCount(10);
  await earlier.getByRole('button', { name: '더 보기' }).click();
  await expect(earlier.getByRole('listitem')).toHaveCount(11);
  await expect(earlier.getByRole('button', { name: '더 보기' })).toBeHidden();
  await earlier.getByRole('listitem').first().getByRole('button').click();
  const transcript = page.getByRole('region', { name: '지난 상담 내용' });
  await expect(transcript).toContainText('지난 문의 10');
  await expect(transcript.getByRole('article').filter({ hasText: '지난 답 10' })).toContainText('상담원2');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/transcript-ko.png` });
  await page.locator('#details').getByRole('button', { name: '뒤로' }).click();
  await expect(earlier).toBeVisible();
});

test('without the ticket right the card is to read', async ({ server, page, person }) => {
  const admin = await settle(person, server.origin);
  const members = await ask<{ account: string; email: string; profile: { rights: string[] } }[]>(admin, server.origin, 'members/list', {});
  const one = members.find((row) => row.email === 'agent1@example.com')!;
  await ask(admin, server.origin, 'members/save', { account: one.account, was: one.profile, profile: { ...one.profile, rights: ['chat'] } });
  await talk(page, server.origin);
  const tickets = page.getByRole('region', { name: '티켓', exact: true });
  await expect(tickets.getByRole('listitem')).toContainText('담당자 없음');
  await expect(tickets.getByRole('button', { name: '다른 티켓 만들기' })).toBeHidden();
  await tickets.getByRole('listitem').getByRole('button').click();
  await expect(field(page, '제목')).toBeDisabled();
  await expect(save(page)).toBeHidden();
});

test('by keyboard to the pane and back; on a phone it is a sheet', async ({ server, page, person }) => {
  const desk = await talk(page, server.origin);
  await page.setViewportSize({ width: 1280, height: 800 });
  await desk.field.focus();
  await page.keyboard.press('Control+Slash');
  await expect(page.locator('#details')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(desk.field).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/panel-ko-1280.png` });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/panel-ko-1280-dark.png` });
  await page.emulateMedia({ colorScheme: 'light' });

  await page.setViewportSize({ width: 360, height: 740 });
  await expect(page.locator('#info-name')).toBeHidden();
  await page.getByRole('button', { name: '정보 보기' }).click();
  await expect(page.locator('#info-name')).toBeVisible();
  await fits(page);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/panel-ko-360.png` });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '정보 보기' }).click();
  await page.getByRole('button', { name: '고객정보 닫기' }).click();
  await expect(page.locator('#info-name')).toBeHidden();
  await expect(page.getByRole('button', { name: '정보 보기' })).toBeFocused();

  const english = await person({ locale: 'en-US' });
  await (await Visitor.arrive(server.origin)).say('Where is my order?');
  const there = await signIn(english, server.origin, 'agent2', 'en');
  await begin(there);
  await english.setViewportSize({ width: 1280, height: 800 });
  await expect(english.getByRole('region', { name: 'Tickets', exact: true })).toContainText('Ticket #2');
  expect(await violations(english)).toEqual([]);
  await english.screenshot({ path: `${SHOTS}/panel-en-1280.png` });
  await english.setViewportSize({ width: 360, height: 740 });
  await english.getByRole('button', { name: 'Show details' }).click();
  await expect(english.locator('#info-name')).toBeVisible();
  await fits(english);
  await english.screenshot({ path: `${SHOTS}/panel-en-360.png` });
});

test('the customer sees nothing of it', async ({ server, page, person }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('환불해 주세요');
  const agent = await person();
  const desk = await signIn(agent, server.origin, 'agent1');
  await begin(desk);
  await field(agent, '메모').fill('까다로운 고객');
  await save(agent).click();
  await expect(save(agent)).toBeDisabled();
  await desk.send('네, 고객님');
  await shop.expectMessage('네, 고객님');
  const seen = await shop.log.innerText();
  for (const secret of ['까다로운', '티켓', '메모']) expect(seen).not.toContain(secret);
});

test('an admin keeps the tags, and is told how many tickets carry one', async ({ server, page, person }) => {
  await administer(page, server.origin, 'tags');
  const list = page.getByRole('region', { name: '태그 목록' });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list.getByRole('listitem')).toContainText('Chat');
  await expect(list.getByRole('button')).toHaveCount(0);
  const name = page.getByRole('form', { name: '태그 만들기' }).getByLabel('태그 이름');
  await name.fill('환불');
  await name.press('Enter');
  await expect(list).toContainText('환불');
  await expect(name).toHaveValue('');
  await name.fill('CHAT');
  await name.press('Enter');
  await expect(name).toHaveAccessibleDescription('이미 쓰고 있습니다.');
  await page.getByRole('button', { name: '환불 이름 변경' }).click();
  await page.getByRole('form', { name: '환불 이름 변경' }).getByLabel('태그 이름').fill('환불·교환');
  await page.keyboard.press('Enter');
  await expect(list).toContainText('환불·교환');
  await expect(page.getByRole('button', { name: '환불·교환 이름 변경' })).toBeFocused();

  const agent = await person();
  await talk(agent, server.origin);
  await agent.getByRole('region', { name: '티켓', exact: true }).getByRole('listitem').getByRole('button').click();
  await agent.getByRole('checkbox', { name: '환불·교환' }).check();
  await save(agent).click();
  await expect(agent.getByText('티켓을 저장했습니다.')).toBeVisible();
  await open(page, server.origin, 'tags');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: `${SHOTS}/tags-ko.png` });
  await page.getByRole('button', { name: '환불·교환 삭제' }).click();
  const dialog = page.getByRole('dialog', { name: '태그를 삭제할까요?' });
  await expect(dialog).toContainText('환불·교환 태그를 삭제하고 티켓 1건, 상담 0건에서 뗍니다.');
  await dialog.getByRole('button', { name: '삭제' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
});

test('처리유형 필수 is the admin’s word, and 채팅 티켓 담당자 each agent’s own', async ({ server, page, person }) => {
  await administer(page, server.origin, 'categories');
  await page.getByRole('switch', { name: '처리유형 필수' }).click();
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await expect(page.getByText('처리유형 필수 설정을 저장했습니다.')).toBeVisible();
  await page.reload();
  await alive(page);
  await expect(page.getByRole('switch', { name: '처리유형 필수' })).toBeChecked();
  expect(await violations(page)).toEqual([]);

  const agent = await person();
  // Within the app, which is alive.
  const desk = await signIn(agent, server.origin, 'agent1');
  await agent.locator('.rail a[href="/account"]').click();
  await agent.getByRole('link', { name: '담당자 정하기' }).click();
  await expect(agent.getByRole('heading', { level: 1, name: '채팅 티켓 담당자' })).toBeVisible();
  await expect(agent.getByRole('radio', { name: '나', exact: true })).toBeChecked();
  await agent.getByRole('radio', { name: '다른 상담원' }).check();
  await agent.getByRole('combobox', { name: '다른 상담원' }).selectOption({ label: '상담원2' });
  expect(await violations(agent)).toEqual([]);
  await agent.getByRole('button', { name: '저장', exact: true }).click();
  await expect(agent.getByText('채팅 티켓 담당자를 저장했습니다.')).toBeVisible();
  await (await Visitor.arrive(server.origin)).say('안녕하세요');
  await agent.locator('.rail a[href="/console"]').click();
  await begin(desk);
  await expect(agent.getByRole('region', { name: '티켓', exact: true }).getByRole('listitem')).toContainText('상담원2');
});
