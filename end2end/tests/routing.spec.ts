// Who gets a chat, and how it goes from one agent to another, as they see it.
import { violations } from '../support/axe';
import { openShop, signIn, type Desk } from '../support/pages';
import { fits } from '../support/settings';
import { expect, test } from '../support/test';

test.use({ serverOptions: { assigned: true, unstaffed: true } });

const head = (desk: Desk) => desk.page.getByRole('region', { name: /^고객 |^Customer / }).locator('header.head').first();
const more = async (desk: Desk, act: string) => {
  await desk.page.getByRole('button', { name: /^(다른 작업|More actions)$/ }).click();
  await desk.page.getByRole('menuitem', { name: act, exact: true }).click();
};

test('a chat is offered to one, explained, delegated and resumed, and the customer sees one desk', async ({ server, page, person }) => {
  const [one, two] = [await signIn(await person(), server.origin, 'agent1'), await signIn(await person(), server.origin, 'agent2')];
  await one.is('online');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('교환하고 싶어요');
  await expect(one.rows.first()).toContainText('제안됨');
  await expect(one.icon).toHaveAttribute('data-blinking', 'true');
  // The colleague of the queue reads it, and cannot begin it.
  await expect(two.icon).not.toHaveAttribute('data-blinking');
  await two.openRow();
  await expect(two.page.getByText('상담원1님에게 제안된 상담입니다.')).toBeVisible();
  await expect(two.startButton).toBeHidden();
  await expect(two.field).toBeHidden();

  await one.openRow();
  await one.page.getByRole('button', { name: '왜 여기에 있나요?' }).click();
  await expect(one.page.getByRole('status').filter({ hasText: '상담원1님에게 배정되었습니다' })).toContainText('받을 수 있는 상담원이 혼자였습니다.');
  await one.startButton.click();
  await expect(one.endButton).toBeVisible();

  // By keyboard to the menu; who is not online cannot be chosen.
  await one.page.getByRole('button', { name: '다른 작업' }).focus();
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByRole('menuitem', { name: '담당자 위임' })).toBeFocused();
  await one.page.keyboard.press('ArrowDown');
  await expect(one.page.getByRole('menuitem', { name: '상담원에게 연결' })).toBeFocused();
  await one.page.keyboard.press('Escape');
  await expect(one.page.getByRole('button', { name: '다른 작업' })).toBeFocused();
  await more(one, '담당자 위임');
  const dialog = one.page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: /상담원2/ })).toBeDisabled();
  await expect(dialog.getByRole('button', { name: '담당자 위임' })).toBeDisabled();
  await dialog.getByRole('button', { name: '취소' }).click();
  await two.is('online');
  await more(one, '담당자 위임');
  await dialog.getByRole('radio', { name: /상담원2/ }).check();
  await dialog.getByLabel(/전달 메모/).fill('흰색으로 교환을 원해요');
  expect(await violations(one.page)).toEqual([]);
  await dialog.getByRole('button', { name: '담당자 위임' }).click();
  await expect(one.page.getByText('담당자를 위임했습니다.')).toBeVisible();
  await expect(one.page).toHaveURL(/\/console$/);

  // It blinks there, stands under 보류 with the note, and is resumed.
  await expect(two.icon).toHaveAttribute('data-blinking', 'true');
  await two.tab('held').click();
  await two.openRow();
  await expect(two.page.getByRole('article', { name: /상담원1님의 메모/ })).toContainText('흰색으로 교환을 원해요');
  await expect(two.page.getByRole('button', { name: '돌려보내기' })).toBeVisible();
  expect(await violations(two.page)).toEqual([]);
  await two.page.getByRole('button', { name: '상담 재개' }).click();
  await two.send('네, 흰색으로 바꿔 드릴게요');
  await shop.expectMessage('네, 흰색으로 바꿔 드릴게요');

  // The customer has met one desk and nothing else (A45).
  const seen = await shop.log.innerText();
  for (const secret of ['위임', '상담원1', '상담원2', '메모', '원해요', '보류']) expect(seen).not.toContain(secret);
  expect(seen.match(/상담이 시작|시작되었/g)?.length ?? 0).toBeLessThanOrEqual(1);
  await expect(head(two)).toBeVisible();
});

test('on hold, back, to a queue and to a colleague', async ({ server, page, person }) => {
  const [one, two] = [await signIn(await person(), server.origin, 'agent1'), await signIn(await person(), server.origin, 'agent2')];
  await one.is('online');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('재고 있나요?');
  await one.openRow();
  await one.send('확인해 볼게요');
  await more(one, '보류');
  await expect(one.tab('held', 1)).toBeVisible();
  await expect(one.page.getByText('보류한 상담입니다.')).toBeVisible();
  // The first reply resumes it.
  await one.send('재고 있습니다');
  await expect(one.tab('active', 1)).toBeVisible();

  // Alone in the queue: it cannot be given to it, and stays.
  await more(one, '대기열로 연결');
  const dialog = one.page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: /기본 상담/ })).toBeDisabled();
  await expect(dialog).toContainText('이 대기열에 온라인인 다른 상담원이 없습니다.');
  await one.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await two.is('online');
  await more(one, '상담원에게 연결');
  await dialog.getByRole('radio', { name: /상담원2/ }).check();
  await dialog.getByRole('button', { name: '연결하고 퇴장' }).click();
  await expect(two.tab('active', 1)).toBeVisible();
  await two.tab('active').click();
  await two.openRow();
  await more(two, '대기열로 연결');
  await two.page.getByRole('dialog').getByRole('radio', { name: /기본 상담/ }).check();
  await two.page.getByRole('dialog').getByRole('button', { name: '대기열로 연결' }).click();
  // His own queue: for the other, never for him.
  await one.tab('waiting').click();
  await expect(one.rows.first()).toContainText('제안됨');
  await two.tab('waiting').click();
  await two.openRow();
  await expect(two.page.getByText('내가 이 대기열로 보낸 상담이라 다시 시작할 수 없습니다.')).toBeVisible();
  await one.openRow();
  await one.startButton.click();
  await one.send('이어서 도와드릴게요');
  await shop.expectMessage('이어서 도와드릴게요');

  // The customer ends, the agent goes on (A65).
  await shop.endButton.click();
  await shop.root.getByRole('dialog').getByRole('button', { name: shop.words.endChat }).click();
  await one.page.getByRole('button', { name: '채팅 계속' }).click();
  await one.send('하나만 더 확인할게요');
  await shop.expectMessage('하나만 더 확인할게요');
});

test('who leaves with chats in hand is asked what becomes of them', async ({ server, page, person }) => {
  const [one, two] = [await signIn(await person(), server.origin, 'agent1'), await signIn(await person(), server.origin, 'agent2')];
  await one.is('online');
  const other = await person({ locale: 'ko-KR' });
  const [shop, second] = [await openShop(page, server.origin), await openShop(other, server.origin)];
  for (const [customer, words] of [[shop, '첫째'], [second, '둘째']] as const) {
    await customer.open();
    await customer.send(words);
    await one.tab('waiting').click();
    await expect(one.rows.first()).toContainText('제안됨');
    await one.openRow();
    await one.startButton.click();
    await expect(one.endButton).toBeVisible();
  }
  await two.is('online');

  // By keyboard; to think better of it changes nothing.
  const status = one.page.getByRole('button', { name: '상태: 온라인' });
  await status.focus();
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByRole('radio', { name: '온라인' })).toBeFocused();
  await one.page.keyboard.press('ArrowDown');
  await one.page.keyboard.press('Enter');
  const dialog = one.page.getByRole('dialog', { name: '맡은 상담이 있습니다' });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  expect(await violations(one.page)).toEqual([]);
  await one.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(status).toBeVisible();

  await status.click();
  await one.page.getByRole('radio', { name: '휴식' }).click();
  await dialog.getByRole('button', { name: '대기열로' }).first().click();
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('button', { name: '담당자 위임' }).click();
  const handover = one.page.getByRole('dialog', { name: '담당자 위임' });
  await handover.getByRole('radio', { name: /상담원2/ }).check();
  await handover.getByRole('button', { name: '담당자 위임' }).click();
  await expect(dialog).toContainText('맡은 상담을 모두 넘겼습니다.');
  await dialog.getByRole('button', { name: '상태 바꾸기' }).click();
  await expect(one.page.getByRole('button', { name: '상태: 휴식' })).toBeVisible();
  await expect(two.tab('held', 1)).toBeVisible();
  await two.tab('waiting').click();
  await expect(two.rows.first()).toContainText('제안됨');
});

test('in English, on a phone', async ({ server, page, person }) => {
  const one = await signIn(await person({ viewport: { width: 360, height: 740 } }), server.origin, 'agent1', 'en');
  await one.is('online');
  const shop = await openShop(page, server.origin, '/demo/shop', 'en');
  await shop.open();
  await shop.send('Where is my parcel?');
  await expect(one.rows.first()).toContainText('Offered');
  await fits(one.page);
  await one.openRow();
  await one.page.getByRole('button', { name: 'Why is it here?' }).click();
  await expect(one.page.getByText('No other agent could take it.')).toBeVisible();
  await fits(one.page);
  await one.startButton.click();
  await one.page.getByRole('button', { name: 'More actions' }).click();
  await expect(one.page.getByRole('menuitem')).toHaveText(['Delegate', 'Transfer to agent', 'Transfer to queue', 'Invite agent', 'Hold', 'Block customer']);
  await fits(one.page);
  expect(await violations(one.page)).toEqual([]);
  await one.page.getByRole('menuitem', { name: 'Transfer to queue' }).click();
  await expect(one.page.getByRole('dialog')).toContainText('Nobody else of this queue is online.');
  await fits(one.page);
});
