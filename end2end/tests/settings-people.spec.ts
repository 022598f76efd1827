// 상담원, 할당 제어 and 카테고리 관리 in a browser.
import type { Locator, Page } from '@playwright/test';
import { violations } from '../support/axe';
import { administer, alive, ask, fits, open, staysAt } from '../support/settings';
import { expect, test } from '../support/test';

type Profile = { role: string; rights: string[]; nickname: string; chats_at_once: number };
type Member = { account: string; name: string; profile: Profile; allocation: { on: boolean; own: boolean } };

const members = (page: Page, origin: string): Promise<Member[]> => ask(page, origin, 'members/list', {});
const profileOf = async (page: Page, origin: string, name: string): Promise<Profile> => (await members(page, origin)).find((m) => m.name === name)!.profile;

/** Changes somebody behind the page's back. */
async function meanwhile(page: Page, origin: string, name: string, change: Partial<Profile>): Promise<void> {
  const { account, profile } = (await members(page, origin)).find((m) => m.name === name)!;
  await ask(page, origin, 'members/save', { account, was: profile, profile: { ...profile, ...change } });
}

const row = (page: Page, name: string): Locator => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
const save = (page: Page): Locator => page.getByRole('button', { name: '저장', exact: true });

async function visit(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeFocused();
}

test('an admin finds an agent, changes him, and finds him changed', async ({ page, server }) => {
  await administer(page, server.origin, 'agents');
  await expect(page.getByRole('row')).toHaveCount(5);
  await expect(row(page, '조직관리자')).toContainText('모든 권한');
  await page.getByLabel('이름 또는 이메일로 찾기').fill('AGENT2');
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.getByText('1명', { exact: true })).toBeVisible();
  await visit(page, '상담원2');
  await expect(save(page)).toBeHidden();
  await page.getByRole('checkbox', { name: '데이터 추출' }).check();
  await page.getByRole('checkbox', { name: '티켓' }).uncheck();
  await page.getByRole('radio', { name: '관리자' }).check();
  await page.getByLabel('닉네임').fill(' 담소 ');
  await page.getByLabel('동시 상담 수').fill('0');
  await save(page).click();
  await expect(page.getByText('저장했습니다.')).toBeVisible();
  await expect(save(page)).toBeHidden();
  await expect(page.getByLabel('닉네임')).toHaveValue('담소');
  expect(await profileOf(page, server.origin, '상담원2')).toEqual({ role: 'admin', rights: ['chat', 'export'], nickname: '담소', chats_at_once: 0 });
  // Back: the search is as it was, the row new, the focus where one left.
  await page.goBack();
  await expect(page.getByRole('link', { name: '상담원2' })).toBeFocused();
  await expect(page.getByLabel('이름 또는 이메일로 찾기')).toHaveValue('AGENT2');
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(row(page, '상담원2')).toContainText('데이터 추출');
  await expect(row(page, '상담원2')).toContainText('관리자');
  await page.goForward();
  await page.reload();
  await alive(page);
  await expect(page.getByRole('heading', { level: 1, name: '상담원2' })).toBeVisible();
  await expect(page.getByLabel('닉네임')).toHaveValue('담소');
  await expect(page.getByRole('checkbox', { name: '티켓' })).not.toBeChecked();
});

test('what cannot be saved is told beside its field', async ({ page, server }) => {
  await administer(page, server.origin, 'agents');
  await visit(page, '상담원1');
  const chats = page.getByLabel('동시 상담 수');
  for (const [typed, problem] of [['21', '범위를 벗어났습니다.'], ['999', '범위를 벗어났습니다.'], ['', '입력해 주세요.']]) {
    await chats.fill(typed);
    await save(page).click();
    await expect(chats).toHaveAccessibleDescription(problem);
  }
  await chats.fill('20');
  await page.getByLabel('닉네임').fill('가'.repeat(41));
  await save(page).click();
  await expect(page.getByLabel('닉네임')).toHaveAccessibleDescription('너무 깁니다.');
  await expect(chats).not.toHaveAttribute('aria-invalid');
  expect((await profileOf(page, server.origin, '상담원1')).chats_at_once).toBe(5);
  await page.getByRole('button', { name: '되돌리기' }).click();
  await expect(page.getByLabel('닉네임')).toHaveValue('');
  await expect(save(page)).toBeHidden();
});

test('the last admin stays one; one’s own role is given up only after a question', async ({ page, server }) => {
  await administer(page, server.origin, 'agents');
  await visit(page, '조직관리자');
  await page.getByRole('radio', { name: '상담원' }).check();
  const dialog = page.getByRole('dialog', { name: '내 관리자 역할을 내려놓을까요?' });
  await save(page).click();
  await dialog.getByRole('button', { name: '취소' }).click();
  await expect(dialog).toBeHidden();
  await save(page).click();
  await dialog.getByRole('button', { name: '내려놓기' }).click();
  await expect(page.getByRole('region', { name: '역할' })).toContainText('서비스에는 관리자가 한 명 이상 있어야 합니다.');
  await meanwhile(page, server.origin, '상담원1', { role: 'admin' });
  await save(page).click();
  await dialog.getByRole('button', { name: '내려놓기' }).click();
  await page.waitForURL(/\/console/);
  await page.goto(`${server.origin}/settings/agents`);
  await expect(page.getByRole('heading', { name: '관리자만 볼 수 있습니다' })).toBeVisible();
});

test('a save over somebody else’s asks whose goes on', async ({ page, person, server }) => {
  await administer(page, server.origin, 'agents');
  const other = await person();
  await administer(other, server.origin, 'agents');
  await visit(page, '상담원1');
  await page.getByLabel('닉네임').fill('내 것');
  const change = async (nickname: string) => {
    await open(other, server.origin, 'agents');
    await visit(other, '상담원1');
    await other.getByLabel('닉네임').fill(nickname);
    await other.getByRole('checkbox', { name: '현황·통계' }).setChecked(nickname === '남의 것');
    await save(other).click();
    await expect(other.getByText('저장했습니다.')).toBeVisible();
  };
  await change('남의 것');
  await save(page).click();
  const alert = page.getByRole('alert').filter({ hasText: '그 사이 다른 사람이' });
  await expect(alert.getByRole('listitem')).toHaveText(['받은 권한: 현황·통계', '닉네임: 없음 → 남의 것']);
  expect((await profileOf(page, server.origin, '상담원1')).nickname).toBe('남의 것');
  await page.getByRole('button', { name: '저장된 내용 불러오기' }).click();
  await expect(alert).toBeHidden();
  await expect(page.getByLabel('닉네임')).toHaveValue('남의 것');
  await expect(page.getByRole('checkbox', { name: '현황·통계' })).toBeChecked();
  await expect(save(page)).toBeHidden();

  await page.getByLabel('닉네임').fill('다시 내 것');
  await change('또 남의 것');
  await save(page).click();
  await expect(alert.getByRole('listitem')).toHaveText(['빠진 권한: 현황·통계', '닉네임: 남의 것 → 또 남의 것']);
  await page.getByRole('button', { name: '내 내용으로 저장' }).click();
  await expect(page.getByText('저장했습니다.')).toBeVisible();
  await expect(alert).toBeHidden();
  expect(await profileOf(page, server.origin, '상담원1')).toMatchObject({ nickname: '다시 내 것', rights: ['chat', 'ticket', 'oversight'] });
});

test('what is unsaved survives the way back to the list, and leaving is asked about', async ({ page, server }) => {
  await administer(page, server.origin, 'agents');
  await visit(page, '상담원1');
  await page.getByRole('checkbox', { name: '데이터 추출' }).check();
  await staysAt(page, '할당 제어');
  await page.goBack();
  await expect(row(page, '상담원1')).toContainText('저장 안 함');
  await staysAt(page, '할당 제어');
  await visit(page, '상담원1');
  await expect(page.getByRole('checkbox', { name: '데이터 추출' })).toBeChecked();
  await save(page).click();
  await expect(page.getByText('저장했습니다.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: '상담원', exact: true }).click();
  await expect(row(page, '상담원1')).toContainText('데이터 추출');
  await expect(row(page, '상담원1')).not.toContainText('저장 안 함');
});

test('nobody is at an address without an agent', async ({ page, server }) => {
  await administer(page, server.origin, 'agents');
  for (const id of ['x', '00000000-0000-7000-8000-000000000000']) {
    await page.goto(`${server.origin}/settings/agents/${id}`);
    await expect(page.getByRole('heading', { level: 1, name: '이 서비스에 없는 상담원입니다' })).toBeVisible();
  }
  await page.getByRole('link', { name: '상담원 목록으로' }).click();
  await expect(page.getByRole('row')).toHaveCount(5);
});

test('one right is given to many and taken from them, beside what others change', async ({ page, server }) => {
  await administer(page, server.origin, 'agents');
  await page.getByLabel('이름 또는 이메일로 찾기').fill('agent');
  await page.getByRole('checkbox', { name: '보이는 상담원 모두 선택' }).check();
  await expect(page.getByText('3명 선택')).toBeVisible();
  await meanwhile(page, server.origin, '상담원1', { nickname: '그 사이' });
  await page.getByLabel('바꿀 권한').selectOption({ label: '데이터 추출' });
  await page.getByRole('button', { name: '주기' }).click();
  await expect(page.getByText('3명에게 데이터 추출 권한을 주었습니다.')).toBeVisible();
  for (const name of ['상담원1', '상담원2', '상담원3']) await expect(row(page, name)).toContainText('데이터 추출');
  expect(await profileOf(page, server.origin, '상담원1')).toMatchObject({ nickname: '그 사이', rights: ['chat', 'ticket', 'export'] });
  // Whom the search hides is left alone.
  await page.getByLabel('이름 또는 이메일로 찾기').fill('agent3');
  await expect(page.getByText('1명 선택')).toBeVisible();
  await page.getByRole('button', { name: '빼기' }).click();
  await expect(page.getByText('1명에게서 데이터 추출 권한을 뺐습니다.')).toBeVisible();
  expect((await profileOf(page, server.origin, '상담원2')).rights).toContain('export');
  expect((await profileOf(page, server.origin, '상담원3')).rights).not.toContain('export');
  await page.getByRole('button', { name: '선택 해제' }).click();
  await expect(page.getByRole('button', { name: '주기' })).toBeHidden();
});

test('whom a change of many could not reach is named', async ({ page, server }) => {
  await administer(page, server.origin, 'agents');
  const { account } = (await members(page, server.origin)).find((m) => m.name === '상담원2')!;
  let hold = () => {};
  const held = new Promise<void>((go) => (hold = go));
  await page.route('**/api/members/save', async (route) => {
    if (!route.request().postData()!.includes(account)) return route.continue();
    await held;
    return route.abort();
  });
  for (const name of ['상담원1', '상담원2', '상담원3']) await page.getByRole('checkbox', { name: `${name} 선택` }).check();
  await page.getByLabel('바꿀 권한').selectOption({ label: '현황·통계' });
  await page.getByRole('button', { name: '주기' }).click();
  await expect(page.getByText('3명 중 1명 저장')).toBeVisible();
  await staysAt(page, '할당 제어');
  hold();
  const alert = page.getByRole('alert').filter({ hasText: '1명은 바꾸지 못했습니다.' });
  await expect(alert.getByRole('listitem')).toHaveText(['상담원2: 연결할 수 없습니다.']);
  await expect(page.getByText('2명에게 현황·통계 권한을 주었습니다.')).toBeVisible();
  expect((await profileOf(page, server.origin, '상담원3')).rights).toContain('oversight');
});

// ---- 할당 제어 ----

const cell = (page: Page, name: string, what = '채팅 할당'): Locator => page.getByRole('switch', { name: `${name}: ${what}`, exact: true });

test('allocation is switched per agent and for all, saved, and asked about', async ({ page, server }) => {
  await administer(page, server.origin, 'agents');
  await meanwhile(page, server.origin, '상담원3', { rights: ['ticket'] });
  await open(page, server.origin, 'allocation');
  await expect(page.getByRole('row').filter({ hasText: '상담원3' }).getByRole('link', { name: '채팅 권한 없음' })).toBeVisible();
  await expect(cell(page, '상담원1')).toBeChecked();
  await cell(page, '상담원1').click();
  await expect(page.getByText('바꾼 상담원 1명')).toBeVisible();
  await expect(cell(page, '보이는 상담원 모두')).not.toBeChecked();
  await page.getByLabel('이름 또는 이메일로 찾기').fill('상담원');
  await expect(page.getByRole('row')).toHaveCount(5);
  await cell(page, '보이는 상담원 모두', '본인 변경 허용').click();
  await expect(page.getByText('바꾼 상담원 3명')).toBeVisible();
  await page.getByLabel('이름 또는 이메일로 찾기').fill('');
  await expect(cell(page, '조직관리자', '본인 변경 허용')).not.toBeChecked();
  await staysAt(page, '대기열 관리');
  await save(page).click();
  await expect(page.getByText('할당 제어를 저장했습니다.')).toBeVisible();
  await page.reload();
  await alive(page);
  await expect(cell(page, '상담원1')).not.toBeChecked();
  await expect(cell(page, '상담원2')).toBeChecked();
  await expect(cell(page, '상담원2', '본인 변경 허용')).toBeChecked();
  await expect(cell(page, '조직관리자', '본인 변경 허용')).not.toBeChecked();
  await cell(page, '상담원2').focus();
  await page.keyboard.press('Space');
  await expect(cell(page, '상담원2')).not.toBeChecked();
  await page.getByRole('button', { name: '되돌리기' }).click();
  await expect(cell(page, '상담원2')).toBeChecked();
});

test('two admins’ switches of one agent are both kept', async ({ page, person, server }) => {
  await administer(page, server.origin, 'allocation');
  const other = await person();
  await administer(other, server.origin, 'allocation');
  for (const [who, what] of [[page, '채팅 할당'], [other, '본인 변경 허용']] as const) {
    await cell(who, '상담원1', what).click();
    await save(who).click();
    await expect(who.getByText('할당 제어를 저장했습니다.')).toBeVisible();
  }
  await expect(cell(other, '상담원1')).not.toBeChecked();
  await expect(cell(other, '상담원1', '본인 변경 허용')).toBeChecked();
});

// ---- 카테고리 관리 ----

const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name, exact: true });
const names = (page: Page): Promise<string[]> => page.getByRole('region', { name: '처리유형' }).getByRole('heading').allTextContents();

async function add(form: Locator, ko: string, en = ''): Promise<void> {
  await form.getByLabel('이름 (한국어)').fill(ko);
  await form.getByLabel('이름 (영어)').fill(en);
  await form.getByLabel('이름 (한국어)').press('Enter');
}

test('a tree of three depths is built, renamed, ordered and pruned', async ({ page, server }) => {
  await administer(page, server.origin, 'categories');
  await expect(heading(page, '아직 카테고리가 없습니다')).toBeVisible();
  const top = page.getByRole('form', { name: '카테고리 만들기' });
  for (const name of ['배송', '결제']) {
    await add(top, name);
    await expect(heading(page, name)).toBeVisible();
  }
  await expect(heading(page, '아직 카테고리가 없습니다')).toBeHidden();
  await page.getByRole('button', { name: '배송 아래에 추가' }).click();
  const below = page.getByRole('form', { name: '배송 아래에 추가' });
  await expect(below.getByLabel('이름 (한국어)')).toBeFocused();
  // One after the other, from the keyboard alone.
  for (const name of ['지연', '파손']) {
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await expect(below.getByRole('status')).toHaveText(`${name} 카테고리를 만들었습니다.`);
    await expect(below.getByLabel('이름 (한국어)')).toHaveValue('');
    await expect(below.getByLabel('이름 (한국어)')).toBeFocused();
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: '배송 아래에 추가' })).toBeFocused();
  await page.getByRole('button', { name: '지연 아래에 추가' }).click();
  await add(page.getByRole('form', { name: '배송 › 지연 아래에 추가' }), '택배사', 'Carrier');
  await expect(page.getByRole('heading', { level: 5, name: '택배사' })).toBeVisible();
  await expect(page.getByRole('button', { name: '택배사 아래에 추가' })).toHaveCount(0);
  expect(await names(page)).toEqual(['처리유형', '배송', '지연', '택배사', '파손', '결제']);

  await page.getByRole('button', { name: '파손 위로' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => names(page)).toEqual(['처리유형', '배송', '파손', '지연', '택배사', '결제']);
  await expect(page.getByRole('button', { name: '파손 아래로' })).toBeFocused();
  await page.getByRole('button', { name: '결제 위로' }).click();
  await expect.poll(() => names(page)).toEqual(['처리유형', '결제', '배송', '파손', '지연', '택배사']);

  await page.getByRole('button', { name: '결제 이름 변경' }).click();
  const rename = page.getByRole('form', { name: '결제 이름 변경' });
  await add(rename, '결제·환불', 'Payment');
  await expect(heading(page, '결제·환불')).toBeVisible();
  await page.reload();
  await alive(page);
  expect(await names(page)).toEqual(['처리유형', '결제·환불', '배송', '파손', '지연', '택배사']);

  const dialog = page.getByRole('dialog', { name: '카테고리를 삭제할까요?' });
  await page.getByRole('button', { name: '배송 삭제' }).click();
  await expect(dialog).toContainText('배송 카테고리와 그 아래 3개를 함께 삭제합니다.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: '지연 삭제' }).click();
  await expect(dialog).toContainText('배송 › 지연 카테고리와 그 아래 1개를');
  await dialog.getByRole('button', { name: '삭제' }).click();
  await expect.poll(() => names(page)).toEqual(['처리유형', '결제·환불', '배송', '파손']);
});

test('a category’s name that is empty or taken is told beside its field', async ({ page, server }) => {
  await administer(page, server.origin, 'categories');
  const top = page.getByRole('form', { name: '카테고리 만들기' });
  await add(top, '');
  await expect(top.getByLabel('이름 (한국어)')).toHaveAccessibleDescription('입력해 주세요.');
  await add(top, '배송', 'Delivery');
  await expect(heading(page, '배송')).toBeVisible();
  await add(top, '운송', 'delivery');
  await expect(top.getByLabel('이름 (영어)')).toHaveAccessibleDescription('이미 쓰고 있습니다.');
  await expect(top.getByLabel('이름 (한국어)')).toHaveValue('운송');
  // Below another one the same name is free.
  await page.getByRole('button', { name: '배송 아래에 추가' }).click();
  await add(page.getByRole('form', { name: '배송 아래에 추가' }), '배송');
  await expect(page.getByRole('heading', { level: 4, name: '배송' })).toBeVisible();
});

test('what another admin did to a category is told, and the tree loaded anew', async ({ page, person, server }) => {
  await administer(page, server.origin, 'categories');
  await add(page.getByRole('form', { name: '카테고리 만들기' }), '배송');
  await expect(heading(page, '배송')).toBeVisible();
  const other = await person();
  await administer(other, server.origin, 'categories');
  for (const [who, name] of [[page, '첫째'], [other, '둘째']] as const) {
    await who.getByRole('button', { name: '배송 이름 변경' }).click();
    await add(who.getByRole('form', { name: '배송 이름 변경' }), name);
    await expect(heading(who, '첫째')).toBeVisible();
  }
  await expect(other.getByText('그 사이 다른 사람이 바꿨습니다.')).toBeVisible();
  // A form below a category that is gone.
  await other.getByRole('button', { name: '첫째 아래에 추가' }).click();
  await page.getByRole('button', { name: '첫째 삭제' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '삭제' }).click();
  await expect(heading(page, '첫째')).toBeHidden();
  await add(other.getByRole('form', { name: '첫째 아래에 추가' }), '없는 곳');
  await expect(other.getByText('찾을 수 없습니다.')).toBeVisible();
  await expect(heading(other, '아직 카테고리가 없습니다')).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`people, allocation and categories on a phone and for axe (${colorScheme})`, async ({ person, server }) => {
    const page = await person({ colorScheme, reducedMotion: 'reduce', locale: 'en-US' });
    const look = async () => {
      for (const size of [{ width: 360, height: 640 }, { width: 1280, height: 800 }]) {
        await page.setViewportSize(size);
        await fits(page);
        expect(await violations(page)).toEqual([]);
      }
    };
    await administer(page, server.origin, 'agents', 'en');
    await meanwhile(page, server.origin, '상담원3', { rights: [] });
    await open(page, server.origin, 'agents', 'en');
    await expect(page.getByRole('heading', { level: 1, name: 'Agents' })).toBeVisible();
    await page.getByRole('checkbox', { name: 'Choose 상담원1' }).check();
    await look();
    await page.getByRole('link', { name: '상담원1' }).click();
    await expect(page.getByRole('heading', { level: 1, name: '상담원1' })).toBeVisible();
    await page.getByLabel('Chats at once').fill('21');
    await meanwhile(page, server.origin, '상담원1', { nickname: 'Mina' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByLabel('Chats at once').fill('7');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('Nickname: none → Mina')).toBeVisible();
    await look();
    await page.getByRole('button', { name: 'Load what is stored' }).click();
    await open(page, server.origin, 'allocation', 'en');
    await page.getByRole('switch', { name: '상담원1: Own change' }).click();
    await look();
    await page.getByRole('button', { name: 'Undo changes' }).click();
    let parent: string | null = null;
    for (const name of ['Delivery', 'Late', 'Carrier']) {
      const tree: { id: string; name: { en: string } }[] = await ask(page, server.origin, 'categories/create', { parent, name: { ko: `${name} 한국어`, en: name } });
      parent = tree.find((c) => c.name.en === name)!.id;
    }
    await open(page, server.origin, 'categories', 'en');
    await page.getByRole('button', { name: 'Add below Late' }).click();
    await expect(page.getByRole('form', { name: 'Add below Delivery › Late' })).toBeVisible();
    await look();
  });
}
