// What agents and those who oversee them do with a chat, as they see it.
import { violations } from '../support/axe';
import { openShop, signIn, type Desk } from '../support/pages';
import { administer, fits, open } from '../support/settings';
import { expect, test } from '../support/test';

test.use({ serverOptions: { assigned: true, unstaffed: true } });

const more = async (desk: Desk, act: string) => {
  await desk.page.getByRole('button', { name: /^(다른 작업|More actions)$/ }).click();
  await desk.page.getByRole('menuitem', { name: act, exact: true }).click();
};

test('a colleague is invited, joins, writes and leaves, and the customer meets one desk', async ({ server, page, person }) => {
  const [one, two] = [await signIn(await person(), server.origin, 'agent1'), await signIn(await person(), server.origin, 'agent2')];
  await one.is('online');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('두 가지를 묻고 싶어요');
  await one.openRow();
  await one.send('네, 말씀해 주세요');
  await two.is('online');
  await more(one, '상담원 초대');
  const dialog = one.page.getByRole('dialog', { name: '상담원 초대' });
  await expect(dialog.getByRole('radio', { name: /상담원3/ })).toBeDisabled();
  await dialog.getByRole('radio', { name: /상담원2/ }).check();
  await dialog.getByLabel(/전달 메모/).fill('두 번째 질문을 부탁해요');
  expect(await violations(one.page)).toEqual([]);
  await dialog.getByRole('button', { name: '초대', exact: true }).click();
  await expect(two.page.getByText('상담원1님이 상담에 초대했습니다.')).toBeVisible();
  await expect(one.page.getByText('상담원을 초대했습니다.')).toBeVisible();
  // It stays here, and nobody is asked twice.
  await expect(one.endButton).toBeVisible();
  await more(one, '상담원 초대');
  await expect(dialog.getByRole('radio', { name: /상담원2.*이미 초대한 상담원/ })).toBeDisabled();
  await one.page.keyboard.press('Escape');

  // At the top of his list, with a notice; reading first, writing after his yes.
  await expect(two.icon).toHaveAttribute('data-blinking', 'true');
  await expect(two.rows.first()).toContainText('초대받음');
  await two.openRow();
  await expect(two.page.getByRole('article', { name: /상담원1님의 메모/ })).toContainText('두 번째 질문을 부탁해요');
  await expect(two.field).toBeHidden();
  expect(await violations(two.page)).toEqual([]);
  await two.page.getByRole('button', { name: '참여', exact: true }).click();
  await expect(two.tab('active', 1)).toBeVisible();
  await two.send('두 번째는 제가 답해 드릴게요');
  await shop.expectMessage('두 번째는 제가 답해 드릴게요');
  await one.expectMessage('두 번째는 제가 답해 드릴게요');
  // He can leave it, and not end it.
  await expect(two.endButton).toBeHidden();
  await two.page.getByRole('button', { name: '나가기', exact: true }).click();
  await expect(two.page).toHaveURL(/\/console$/);
  await expect(two.tab('active', 0)).toBeVisible();
  await expect(one.page.getByText('상담원2님이 상담에서 나갔습니다')).toBeVisible();

  // Both have spoken under one name, the service's (A45).
  const seen = await shop.log.innerText();
  for (const secret of ['초대', '참여', '나갔', '상담원1', '상담원2', '부탁해요']) expect(seen).not.toContain(secret);
  const speakers = await shop.log.getByRole('article').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
  expect(new Set(speakers)).toEqual(new Set(['나', '데모 스토어']));
});

test('a service shows who answers: an admin chooses it, and the customer reads each name where it was said', async ({ server, page, person }) => {
  const owner = await person();
  await administer(owner, server.origin, 'agents');
  for (const [agent, nickname] of [['상담원1', '다정이'], ['상담원2', '씩씩이']]) {
    await owner.getByRole('link', { name: agent, exact: true }).click();
    await expect(owner.getByRole('heading', { level: 1, name: agent, exact: true })).toBeFocused();
    await owner.getByLabel('닉네임').fill(nickname);
    await owner.getByRole('button', { name: '저장', exact: true }).click();
    await expect(owner.getByText('저장했습니다.')).toBeVisible();
    await open(owner, server.origin, 'agents');
  }
  await open(owner, server.origin, 'chat');
  const names = owner.getByRole('group', { name: '고객에게 보이는 이름' });
  const choose = async (name: RegExp) => {
    await names.getByRole('radio', { name }).check();
    await owner.getByRole('button', { name: '저장', exact: true }).click();
    await expect(owner.getByText('저장했습니다.', { exact: true })).toBeVisible();
    await expect(owner.getByText('저장하지 않은 변경이 있습니다.')).toBeHidden();
  };
  await expect(names.getByRole('radio', { name: /^서비스 이름/ })).toBeChecked();
  await expect(names).toContainText('상담을 위임하면 이름이 바뀌므로 고객이 위임을 알 수 있습니다.');
  await choose(/^상담원 닉네임/);
  expect(await violations(owner)).toEqual([]);

  const [one, two] = [await signIn(await person(), server.origin, 'agent1'), await signIn(await person(), server.origin, 'agent2')];
  await one.is('online');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('교환하고 싶어요');
  await one.openRow();
  await expect(one.page.getByText('고객에게 보이는 이름: 다정이')).toBeVisible();
  await one.send('네, 확인해 볼게요');
  await shop.expectMessage('네, 확인해 볼게요');
  await two.is('online');
  await more(one, '담당자 위임');
  const dialog = one.page.getByRole('dialog', { name: '담당자 위임' });
  await expect(dialog).toContainText('다른 상담원이 답하면 고객에게 보이는 이름이 바뀝니다.');
  await dialog.getByRole('radio', { name: /상담원2/ }).check();
  await dialog.getByRole('button', { name: '담당자 위임' }).click();
  await expect(one.page).toHaveURL(/\/console$/);
  await two.tab('held').click();
  await two.openRow();
  await two.page.getByRole('button', { name: '상담 재개' }).click();
  await two.send('제가 이어서 볼게요');
  await shop.expectMessage('제가 이어서 볼게요');
  await two.send('교환해 드릴게요');
  await shop.expectMessage('교환해 드릴게요');

  // Each run of messages has its name, in letters and for screen readers; no other stands there.
  const runs = () =>
    shop.log.getByRole('article').evaluateAll((all) => all.map((one) => [one.getAttribute('aria-label'), one.querySelector('.meta:not([hidden])')?.textContent?.split(' · ')[0] ?? '']));
  const before = [['데모 스토어', '데모 스토어'], ['나', expect.any(String)], ['다정이', '다정이'], ['씩씩이', ''], ['씩씩이', '씩씩이']];
  expect(await runs()).toEqual(before);
  await expect(shop.root.getByText('씩씩이: 교환해 드릴게요')).toBeAttached();
  expect(await shop.log.innerText()).not.toMatch(/상담원1|상담원2|위임/);
  // Agents read each other's own names.
  await expect(two.log.getByText('상담원1', { exact: false }).first()).toBeVisible();
  await expect(two.log).not.toContainText('다정이');

  // The service speaks again: from then on, and nothing that was read changes.
  await choose(/^서비스 이름/);
  await expect(two.page.getByText('고객에게 보이는 이름:')).toBeHidden();
  await two.send('더 필요하신 것이 있나요?');
  await shop.expectMessage('더 필요하신 것이 있나요?');
  const after = [...before, ['데모 스토어', '데모 스토어']];
  expect(await runs()).toEqual(after);
  await page.reload();
  await shop.alive();
  await shop.expectMessage('더 필요하신 것이 있나요?');
  expect(await runs()).toEqual(after);
});

test('one dialog ends a chat, says first what would be lost, and the history has it then', async ({ server, page, person }) => {
  const one = await signIn(await person(), server.origin, 'agent1');
  await one.is('online');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('환불해 주세요');
  await one.openRow();
  await one.send('처리했습니다');
  await one.field.fill('그리고 한 가지 더');
  await expect(one.page.getByText('전송 중')).toHaveCount(0);
  await one.endButton.click();
  const dialog = one.page.getByRole('dialog', { name: '대화를 종료할까요?' });
  await expect(dialog.getByRole('alert')).toContainText('작성 중인 글이 있습니다: 그리고 한 가지 더');
  await expect(dialog).toContainText('기본 상담');
  await expect(dialog.getByRole('button', { name: '대화 종료' })).toBeFocused();
  expect(await violations(one.page)).toEqual([]);
  // To think better of it loses nothing.
  await one.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(one.field).toHaveValue('그리고 한 가지 더');
  await one.field.fill('');
  await one.endButton.focus();
  await one.page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await one.page.keyboard.press('Enter');
  await expect(one.page).toHaveURL(/\/console$/);
  await expect(one.tab('active', 0)).toBeVisible();

  await one.page.getByRole('navigation').getByRole('link', { name: '채팅기록' }).click();
  const entry = one.page.getByRole('main').getByRole('listitem');
  await expect(entry).toHaveCount(1);
  await expect(entry).toContainText('처리');
  await expect(entry).toContainText('상담원1');
  expect(await violations(one.page)).toEqual([]);
  await one.page.getByLabel('종료일 끝').fill('2020-01-01');
  await one.page.getByRole('button', { name: '검색' }).click();
  await expect(one.page).toHaveURL(/to=2020-01-01/);
  await expect(one.page.getByText('종료된 상담이 없습니다')).toBeVisible();
  await one.page.goBack();
  await entry.getByRole('link').click();
  await expect(one.page.getByText('종료된 상담입니다.')).toBeVisible();
  await one.expectMessage('처리했습니다');
  await expect(one.field).toBeHidden();
});

test('a customer is blocked from his chat, meets a shut door, and an admin lets him in again', async ({ server, page, person }) => {
  const one = await signIn(await person(), server.origin, 'agent1');
  await one.is('online');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('심한 말');
  await one.openRow();
  await one.send('삼가 주세요');
  await more(one, '고객 차단');
  const dialog = one.page.getByRole('dialog', { name: /^고객 .+ 차단$/ });
  await dialog.getByRole('button', { name: '차단하고 종료' }).click();
  await expect(dialog.getByText('차단 사유를 적어 주세요.')).toBeVisible();
  await dialog.getByLabel('차단 사유').fill('욕설을 반복함');
  await dialog.getByRole('radio', { name: '7일' }).check();
  expect(await violations(one.page)).toEqual([]);
  await dialog.getByRole('button', { name: '차단하고 종료' }).click();
  await expect(one.page).toHaveURL(/\/console$/);

  // Neutral words, and the way to an inquiry.
  await shop.newChat.click();
  await expect(shop.door).toContainText('문의하기');
  await expect(shop.agree).toBeHidden();
  expect(await shop.door.innerText()).not.toMatch(/차단|욕설/);

  const owner = await signIn(await person(), server.origin, 'owner');
  await owner.page.goto(`${server.origin}/settings/blocks`);
  await owner.connected().catch(() => undefined);
  const row = owner.page.getByRole('main').getByRole('listitem');
  await expect(row).toContainText('욕설을 반복함');
  await expect(row).toContainText('상담원1님이 차단');
  await expect(owner.page.getByRole('searchbox')).toBeVisible();
  expect(await violations(owner.page)).toEqual([]);
  await expect(async () => {
    await row.getByRole('button', { name: /차단 해제/ }).click();
    await expect(owner.page.getByRole('dialog')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await owner.page.getByRole('dialog').getByRole('button', { name: '차단 해제' }).click();
  await expect(owner.page.getByText('차단한 고객이 없습니다')).toBeVisible();
  await page.reload();
  await shop.alive();
  await shop.again();
});

test('the board shows who waits and who is there, lives, and acts', async ({ server, page, person }) => {
  const [one, two] = [await signIn(await person(), server.origin, 'agent1'), await signIn(await person(), server.origin, 'agent2')];
  const lead = await signIn(await person(), server.origin, 'owner');
  await expect(one.page.getByRole('link', { name: '현황' })).toHaveCount(0);
  await lead.page.getByRole('navigation').getByRole('link', { name: '현황' }).click();
  const board = lead.page.getByRole('region', { name: '살펴볼 상담' });
  const agents = lead.page.getByRole('region', { name: '상담원' });
  await expect(board).toContainText('기다리는 고객이 없습니다');
  const status = (name: string) => agents.getByRole('combobox', { name: `${name} 상태` });
  await expect(status('상담원1')).toHaveValue('offline');
  // Nothing is loaded again: it comes by itself.
  await one.is('online');
  await expect(status('상담원1')).toHaveValue('online');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('계신가요?');
  const entry = board.getByRole('listitem');
  await expect(entry).toHaveCount(1);
  await expect(entry).toContainText('상담원을 기다리는 중');
  expect(await violations(lead.page)).toEqual([]);

  await two.is('online');
  await expect(status('상담원2')).toHaveValue('online');
  await entry.getByRole('button', { name: /^배정/ }).click();
  const dialog = lead.page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /상담원2/ }).check();
  expect(await violations(lead.page)).toEqual([]);
  await dialog.getByRole('button', { name: '배정' }).click();
  await expect(two.tab('held', 1)).toBeVisible();
  await entry.getByRole('button', { name: /^내가 맡기/ }).click();
  await dialog.getByRole('button', { name: '내가 맡기' }).click();
  await expect(lead.page).toHaveURL(/\/console\//);
  await lead.send('제가 도와드리겠습니다');
  await shop.expectMessage('제가 도와드리겠습니다');

  // Another's status, who is told whose doing it was.
  await lead.page.getByRole('navigation').getByRole('link', { name: '현황' }).click();
  await status('상담원2').selectOption('break');
  await expect(two.page.getByRole('button', { name: '상태: 휴식' })).toBeVisible();
  await expect(two.page.getByRole('status').filter({ hasText: '내 상태를 휴식(으)로 바꾸었습니다.' }).first()).toBeVisible();
});

test('in English, on a phone', async ({ server, page, person }) => {
  const phone = { viewport: { width: 360, height: 740 } };
  const lead = await signIn(await person(phone), server.origin, 'owner', 'en');
  await lead.is('online');
  const shop = await openShop(page, server.origin, '/demo/shop', 'en');
  await shop.open();
  await shop.send('Hello?');
  await fits(lead.page);
  await lead.page.getByRole('navigation').getByRole('link', { name: 'Board' }).click();
  await expect(lead.page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem')).toHaveCount(1);
  await fits(lead.page);
  expect(await violations(lead.page)).toEqual([]);
  await lead.page.getByRole('button', { name: /^Take/ }).click();
  await lead.page.getByRole('dialog').getByRole('button', { name: 'Take' }).click();
  await more(lead, 'Block customer');
  await fits(lead.page);
  await lead.page.keyboard.press('Escape');
  await lead.endButton.click();
  await fits(lead.page);
  await lead.page.keyboard.press('Enter');
  await lead.page.getByRole('navigation').getByRole('link', { name: 'History' }).click();
  await expect(lead.page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await fits(lead.page);
  expect(await violations(lead.page)).toEqual([]);
});
