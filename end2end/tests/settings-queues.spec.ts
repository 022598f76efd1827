// 대기열 관리 and 대기열 배정 in a browser.
import type { Locator, Page } from '@playwright/test';
import { Colleague, Visitor } from '../support/api';
import { violations } from '../support/axe';
import { crowd } from '../support/crowd';
import { signIn } from '../support/pages';
import { createDatabase, dropDatabase } from '../support/postgres';
import { Server } from '../support/server';
import { administer, alive, ask, fits, open, staysAt } from '../support/settings';
import { expect, test } from '../support/test';

type Row = { queue: { id: string; name: { ko: string; en: string }; active: boolean } };

const list = (page: Page): Locator => page.getByRole('region', { name: '대기열', exact: true });
const rows = (page: Page): Locator => list(page).getByRole('listitem');
const row = (page: Page, name: string): Locator => rows(page).filter({ hasText: name });
const order = (page: Page): Promise<string[]> => rows(page).locator('b').allTextContents();

async function create(page: Page, ko: string, en = ''): Promise<void> {
  const form = page.getByRole('region', { name: '대기열 만들기', exact: true });
  await form.getByLabel('이름 (한국어)').fill(ko);
  await form.getByLabel('이름 (영어)').fill(en);
  await form.getByRole('button', { name: '대기열 만들기' }).click();
}

test('a queue is made inactive, turned on, renamed, and stays so', async ({ page, server }) => {
  await administer(page, server.origin, 'queues');
  await create(page, '배송', 'Delivery');
  await expect(row(page, '배송')).toContainText('Delivery · 상담원 0명');
  const on = page.getByRole('switch', { name: '배송 사용' });
  await expect(on).not.toBeChecked();
  await expect(page.getByLabel('이름 (한국어)')).toHaveValue('');
  await on.click();
  await expect(on).toBeChecked();

  await page.getByRole('button', { name: '배송 이름 변경' }).click();
  const form = page.getByRole('form', { name: '배송 이름 변경' });
  await expect(form.getByLabel('이름 (한국어)')).toBeFocused();
  await form.getByLabel('이름 (한국어)').fill('배송 문의');
  await form.getByLabel('이름 (한국어)').press('Enter');
  await expect(row(page, '배송 문의')).toBeVisible();
  await expect(page.getByRole('button', { name: '배송 문의 이름 변경' })).toBeFocused();

  await page.reload();
  await alive(page);
  expect(await order(page)).toEqual(['기본 상담', '배송 문의']);
  await expect(page.getByRole('switch', { name: '배송 문의 사용' })).toBeChecked();
});

test('a name that is empty or taken is told beside its field', async ({ page, server }) => {
  await administer(page, server.origin, 'queues');
  await create(page, ' ');
  const ko = page.getByLabel('이름 (한국어)');
  await expect(ko).toHaveAccessibleDescription('입력해 주세요.');
  await create(page, '환불', 'general');
  await expect(page.getByLabel('이름 (영어)')).toHaveAccessibleDescription('이미 쓰고 있습니다.');
  await expect(ko).not.toHaveAttribute('aria-invalid');
  await create(page, '가'.repeat(41));
  await expect(ko).toHaveAccessibleDescription('너무 깁니다.');
  await expect(rows(page)).toHaveCount(1);

  await page.getByRole('button', { name: '기본 상담 이름 변경' }).click();
  const form = page.getByRole('form', { name: '기본 상담 이름 변경' });
  await form.getByLabel('이름 (한국어)').fill('');
  await form.getByLabel('이름 (영어)').fill('');
  await form.getByRole('button', { name: '저장' }).click();
  await expect(form.getByLabel('이름 (한국어)')).toHaveAccessibleDescription('입력해 주세요.');
  await form.getByLabel('이름 (한국어)').press('Escape');
  await expect(page.getByRole('button', { name: '기본 상담 이름 변경' })).toBeFocused();
});

test('the last active queue is turned off only after a question', async ({ page, server }) => {
  await administer(page, server.origin, 'queues');
  const on = page.getByRole('switch', { name: '기본 상담 사용' });
  const dialog = page.getByRole('dialog', { name: '대기열 사용을 중지할까요?' });
  await on.click();
  await expect(dialog).toContainText('켜져 있는 마지막 대기열입니다.');
  await dialog.getByRole('button', { name: '취소' }).click();
  await expect(dialog).toBeHidden();
  await expect(on).toBeChecked();
  expect((await ask<Row[]>(page, server.origin, 'queues/list', {}))[0].queue.active).toBe(true);
  await on.click();
  await dialog.getByRole('button', { name: '사용 중지' }).click();
  await expect(dialog).toBeHidden();
  await expect(on).not.toBeChecked();
  await on.click();
  await expect(on).toBeChecked();
});

test('chats that wait in a queue move when it is turned off', async ({ page, server }) => {
  for (const text of ['하나', '둘']) await (await Visitor.arrive(server.origin)).say(text);
  await administer(page, server.origin, 'queues');
  await expect(row(page, '기본 상담')).toContainText('대기 2건');
  await create(page, '둘째');
  await page.getByRole('switch', { name: '둘째 사용' }).click();
  await expect(page.getByRole('switch', { name: '둘째 사용' })).toBeChecked();
  await page.getByRole('switch', { name: '기본 상담 사용' }).click();
  const dialog = page.getByRole('dialog', { name: '대기열 사용을 중지할까요?' });
  await expect(dialog).toContainText('대기 중인 상담 2건은 기본 대기열로 옮깁니다.');
  await dialog.getByRole('button', { name: '사용 중지' }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, '둘째')).toContainText('대기 2건');
  await expect(row(page, '둘째')).toContainText('기본');
  await expect(row(page, '기본 상담')).toContainText('대기 0건');
});

test('a rename over somebody else’s is refused and shows the list as it is', async ({ page, person, server }) => {
  await administer(page, server.origin, 'queues');
  const other = await person();
  await administer(other, server.origin, 'queues');
  for (const [who, name] of [[page, '첫째 이름'], [other, '둘째 이름']] as const) {
    await who.getByRole('button', { name: '기본 상담 이름 변경' }).click();
    const form = who.getByRole('form', { name: '기본 상담 이름 변경' });
    await form.getByLabel('이름 (한국어)').fill(name);
    await form.getByRole('button', { name: '저장' }).click();
    await expect(form).toBeHidden();
  }
  await expect(other.getByText('그 사이 다른 사람이 바꿨습니다.')).toBeVisible();
  await expect(row(other, '첫째 이름')).toBeVisible();
  expect(await order(other)).toEqual(['첫째 이름']);
});

test('queues are ordered by their buttons, from the keyboard too', async ({ page, server }) => {
  await administer(page, server.origin, 'queues');
  for (const name of ['둘째', '셋째']) {
    await create(page, name);
    await expect(row(page, name)).toBeVisible();
  }
  const up = page.getByRole('button', { name: '셋째 위로' });
  await expect(page.getByRole('button', { name: '셋째 아래로' })).toBeDisabled();
  await up.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => order(page)).toEqual(['기본 상담', '셋째', '둘째']);
  await expect(up).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => order(page)).toEqual(['셋째', '기본 상담', '둘째']);
  // At the end only the other way is left.
  await expect(up).toBeDisabled();
  await expect(page.getByRole('button', { name: '셋째 아래로' })).toBeFocused();
  await page.reload();
  await alive(page);
  expect(await order(page)).toEqual(['셋째', '기본 상담', '둘째']);
});

test('a queue is deleted after a question, not with open chats', async ({ page, server }) => {
  await (await Visitor.arrive(server.origin)).say('안녕하세요');
  await administer(page, server.origin, 'queues');
  await create(page, '둘째');
  const dialog = page.getByRole('dialog', { name: '대기열을 삭제할까요?' });
  await page.getByRole('button', { name: '둘째 삭제' }).click();
  await expect(dialog).toContainText('둘째 대기열과 상담원 0명의 배정이 없어집니다.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole('button', { name: '둘째 삭제' }).click();
  await dialog.getByRole('button', { name: '삭제' }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: '기본 상담 삭제' }).click();
  await dialog.getByRole('button', { name: '삭제' }).click();
  await expect(page.getByText('끝나지 않은 상담 1건이 있어 삭제할 수 없습니다.')).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
});

// ---- 대기열 배정 ----

const seat = (page: Page, agent: string, queue: string): Locator => page.getByRole('checkbox', { name: `${agent}, ${queue}`, exact: true });

async function seats(page: Page, server: Server, lang: 'ko' | 'en' = 'ko'): Promise<void> {
  await administer(page, server.origin, 'queues', lang);
  for (const [ko, en] of [['배송', 'Delivery'], ['환불', 'Refunds']]) await ask(page, server.origin, 'queues/create', { name: { ko, en } });
  await open(page, server.origin, 'seats', lang);
}

test('seats are set by pointer, saved, and there after a reload', async ({ page, server }) => {
  await seats(page, server);
  const save = page.getByRole('button', { name: '저장', exact: true });
  await expect(save).toBeHidden();
  await seat(page, '상담원1', '배송').click();
  await expect(page.getByText('바꾼 배정 1개')).toBeVisible();
  await seat(page, '상담원1', '배송').click();
  await expect(save).toBeHidden();
  await seat(page, '상담원1', '배송').click();
  await seat(page, '상담원2', '기본 상담').click();
  await save.click();
  await expect(page.getByText('배정을 저장했습니다.')).toBeVisible();
  await expect(save).toBeHidden();
  await page.reload();
  await alive(page);
  await expect(seat(page, '상담원1', '배송')).toBeChecked();
  await expect(seat(page, '상담원2', '기본 상담')).not.toBeChecked();
  await expect(seat(page, '상담원3', '기본 상담')).toBeChecked();
});

test('seats are set from the keyboard, by whole rows and columns, and undone', async ({ page, server }) => {
  await seats(page, server);
  await seat(page, '조직관리자', '기본 상담').focus();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowLeft']) await page.keyboard.press(key);
  await expect(seat(page, '상담원1', '배송')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(seat(page, '상담원1', '배송')).toBeChecked();
  // A name: all of its row or column; once more: none of it.
  const column = page.getByRole('button', { name: '환불' });
  await column.click();
  await expect(page.getByText('바꾼 배정 5개')).toBeVisible();
  for (const agent of ['조직관리자', '상담원1', '상담원2', '상담원3']) await expect(seat(page, agent, '환불')).toBeChecked();
  await column.click();
  await expect(page.getByText('바꾼 배정 1개')).toBeVisible();
  await page.getByRole('button', { name: '상담원3', exact: true }).click();
  for (const queue of ['기본 상담', '배송', '환불']) await expect(seat(page, '상담원3', queue)).toBeChecked();
  await expect(page.getByText('바꾼 배정 3개')).toBeVisible();
  await page.getByRole('button', { name: '되돌리기' }).click();
  await expect(page.getByText('바꾼 배정')).toBeHidden();
  await expect(seat(page, '상담원1', '배송')).not.toBeChecked();
  await expect(seat(page, '상담원3', '기본 상담')).toBeChecked();
});

test('a search leaves some agents, and a column’s name changes only these', async ({ page, server }) => {
  await seats(page, server);
  await page.getByLabel('상담원 찾기').fill('상담원');
  await expect(page.getByRole('row')).toHaveCount(4);
  await page.getByRole('button', { name: '배송' }).click();
  await expect(page.getByText('바꾼 배정 3개')).toBeVisible();
  await page.getByLabel('상담원 찾기').fill('');
  await expect(page.getByRole('row')).toHaveCount(5);
  await expect(seat(page, '조직관리자', '배송')).not.toBeChecked();
  await page.getByLabel('상담원 찾기').fill('nobody');
  await expect(page.getByText('찾는 상담원이 없습니다.')).toBeVisible();
});

test('unsaved seats are asked about', async ({ page, server }) => {
  await seats(page, server);
  await seat(page, '상담원1', '배송').click();
  await expect(page.getByText('바꾼 배정 1개')).toBeVisible();
  await staysAt(page, '대기열 관리');
  await expect(seat(page, '상담원1', '배송')).toBeChecked();
});

test('two admins’ seats are both kept', async ({ page, person, server }) => {
  await seats(page, server);
  const other = await person();
  await administer(other, server.origin, 'seats');
  for (const [who, agent] of [[page, '상담원1'], [other, '상담원2']] as const) {
    await seat(who, agent, '배송').click();
    await who.getByRole('button', { name: '저장', exact: true }).click();
    await expect(who.getByText('배정을 저장했습니다.')).toBeVisible();
  }
  await expect(seat(other, '상담원1', '배송')).toBeChecked();
});

test('without a queue there is nothing to assign to', async ({ page, server }) => {
  await administer(page, server.origin, 'queues');
  const all = await ask<Row[]>(page, server.origin, 'queues/list', {});
  for (const { queue } of all) await ask(page, server.origin, 'queues/delete', { queue: queue.id });
  await page.goto(`${server.origin}/settings/seats`);
  await page.getByRole('main').getByRole('link', { name: '대기열 만들기' }).click();
  await expect(page.getByRole('heading', { name: '아직 대기열이 없습니다' })).toBeVisible();
});

test('an agent who is no admin sees why he sees nothing', async ({ page, server }) => {
  await signIn(page, server.origin, 'agent1');
  for (const path of ['queues', 'seats', 'agents', 'allocation', 'categories']) {
    await page.goto(`${server.origin}/settings/${path}`);
    await expect(page.getByRole('heading', { level: 1, name: '관리자만 볼 수 있습니다' })).toBeVisible();
    await expect(page.getByRole('navigation', { name: '서비스 관리' })).toHaveCount(0);
  }
  await expect(Colleague.signIn(server.origin, 'agent1').then(() => ask(page, server.origin, 'queues/list', {}))).rejects.toThrow('403');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`queues and seats on a phone and for axe (${colorScheme})`, async ({ person, server }) => {
    const page = await person({ colorScheme, reducedMotion: 'reduce', locale: 'en-US' });
    await seats(page, server, 'en');
    await expect(page.getByRole('heading', { level: 1, name: 'Queue Assignment' })).toBeVisible();
    await page.getByRole('checkbox', { name: '상담원1, Delivery' }).click();
    await expect(page.getByText('1 seats changed')).toBeVisible();
    for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 640 }]) {
      await page.setViewportSize(size);
      await fits(page);
      expect(await violations(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Undo changes' }).click();
    await open(page, server.origin, 'queues', 'en');
    await page.getByRole('button', { name: 'Rename Delivery' }).click();
    await page.getByRole('form', { name: 'Rename Delivery' }).getByRole('button', { name: 'Save' }).click();
    for (const size of [{ width: 360, height: 640 }, { width: 1280, height: 800 }]) {
      await page.setViewportSize(size);
      await fits(page);
      expect(await violations(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Delete Delivery' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('200 agents and 20 queues are there soon, and each box answers at once', async ({ page }) => {
  const url = createDatabase();
  const server = await Server.start({ env: { DATABASE_URL: url } });
  try {
    crowd(url, 196, 19);
    await administer(page, server.origin, 'queues');
    const ready: number[] = [];
    const change: number[] = [];
    for (let round = 0; round < 3; round++) {
      const start = Date.now();
      await open(page, server.origin, 'seats');
      ready.push(Date.now() - start);
      await expect(page.getByRole('checkbox')).toHaveCount(4_000);
      for (const agent of ['상담원001', '상담원196']) {
        const box = seat(page, agent, '대기열 7');
        // From the press to the frame that shows it, with the bar that appears by it.
        change.push(
          await box.evaluate(async (box: HTMLInputElement) => {
            const start = performance.now();
            box.click();
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            return performance.now() - start;
          }),
        );
        await expect(box).toBeChecked();
      }
      await page.getByRole('button', { name: '되돌리기' }).click();
      await expect(page.getByText('바꾼 배정')).toBeHidden();
    }
    const middle = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
    console.log(`seats, 200 × 20: ready after ${middle(ready)} ms, a change shows after ${Math.round(middle(change))} ms`);
    // Several times what is promised: this is a development build on a busy machine.
    expect(middle(ready)).toBeLessThan(4_000);
    expect(middle(change)).toBeLessThan(400);
  } finally {
    await server.dispose();
    dropDatabase(url);
  }
});
