// 서비스 관리 → 운영시간, as an admin uses it.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { signIn } from '../support/pages';
import { expect, test } from '../support/test';
import { watch } from '../support/watch';
import type { Lang } from '../support/words';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The page, alive: the time that is asked about comes from the browser. */
async function open(page: Page, origin: string, lang: Lang = 'ko', query = ''): Promise<void> {
  await signIn(page, origin, 'owner', lang);
  await visit(page, origin, lang, query);
}

async function visit(page: Page, origin: string, lang: Lang = 'ko', query = ''): Promise<void> {
  await page.goto(`${origin}/settings/hours?lang=${lang}${query}`);
  await alive(page);
}

async function alive(page: Page): Promise<void> {
  await expect(page.locator('#hours-preview-at')).toHaveValue(/^\d{4}-/);
}

const day = (page: Page, name: string): Locator => page.getByRole('group', { name, exact: true });
const summary = (page: Page): Locator => page.locator('#hours-summary');
const preview = (page: Page): Locator => page.getByRole('complementary').getByRole('status');
const save = (page: Page): Locator => page.getByRole('button', { name: '저장', exact: true });

async function saved(page: Page): Promise<void> {
  await save(page).click();
  await expect(page.getByText('운영시간을 저장했습니다.')).toBeVisible();
  await expect(save(page)).toBeHidden();
}

/** 09:00–18:00 without lunch, Monday to Friday. */
async function officeWeek(page: Page): Promise<void> {
  const monday = day(page, '월요일');
  await monday.getByRole('button', { name: '월요일 편집' }).click();
  await monday.getByRole('button', { name: '시간 추가' }).click();
  await monday.getByRole('button', { name: '쉬는 시간 빼기' }).click();
  await monday.getByRole('button', { name: '빼기', exact: true }).click();
  await monday.getByRole('button', { name: '평일에 복사' }).click();
}

test('an admin sets the week, and finds it again', async ({ server, page }) => {
  const complaints = await watch(page);
  await open(page, server.origin);
  await expect(summary(page)).toHaveText('요일과 시간에 관계없이 언제나 엽니다. (Asia/Seoul)');
  await expect(page.getByText('정한 시간이 없어 언제나 엽니다.')).toBeVisible();
  await expect(save(page)).toBeHidden();

  await officeWeek(page);
  await expect(summary(page)).toHaveText('월–금 09:00–18:00, 12:00–13:00 제외. 토·일은 쉽니다. (Asia/Seoul)');
  await expect(page.getByText('월요일 시간을 월–금에 복사했습니다.')).toBeVisible();
  // Friday goes on past midnight.
  const friday = day(page, '금요일');
  await friday.getByRole('button', { name: '금요일 편집' }).click();
  await expect(friday.getByText('다음 날', { exact: true }).first()).toBeHidden();
  await friday.getByLabel('2번째 끝').fill('02:00');
  await expect(friday.getByText('09:00–12:00, 13:00–다음 날 02:00')).toBeVisible();
  await expect(friday.getByText('다음 날', { exact: true }).nth(1)).toBeVisible();
  await page.getByRole('button', { name: '대한민국 공휴일 채우기 (2026–2028년)' }).click();
  await expect(page.getByText('공휴일 64일을 넣었습니다.')).toBeVisible();
  await page.getByLabel('닫기 몇 분 전부터').fill('10');
  await saved(page);

  await page.reload();
  await alive(page);
  const sentence = '월–목 09:00–18:00, 12:00–13:00 제외. 금요일 09:00–다음 날 02:00, 12:00–13:00 제외. 토·일과 공휴일은 쉽니다. 닫기 10분 전부터 새 상담을 받지 않습니다. (Asia/Seoul)';
  await expect(summary(page)).toHaveText(sentence);
  await expect(page.getByText('2027년 · 24일')).toBeVisible();
  await page.getByText('2027년 · 24일').click();
  await expect(page.getByText('대체공휴일(설날)')).toBeVisible();
  await expect(page.getByLabel('닫기 몇 분 전부터')).toHaveValue('10');
  await expect(save(page)).toBeHidden();
  expect(complaints).toEqual([]);
});

test('the preview answers for any time, with what is not saved yet', async ({ server, page }) => {
  await open(page, server.origin);
  const at = page.getByLabel('시각 (Asia/Seoul)');
  // Sunday, at night.
  await at.fill('2030-11-24T23:00');
  await expect(preview(page)).toContainText('새 상담을 시작할 수 있습니다.');
  await officeWeek(page);
  await expect(preview(page)).toContainText("'운영시간 외' 안내가 보이고");
  await expect(preview(page)).toContainText('다음 시작: 2030년 11월 25일 (월) 09:00');
  await at.fill('2030-11-25T17:55');
  await expect(preview(page)).toContainText('새 상담은 2030년 11월 25일 (월) 18:00까지');
  await page.getByLabel('닫기 몇 분 전부터').fill('10');
  await expect(preview(page)).toContainText('새 상담을 시작할 수 없습니다. 이미 시작한 상담은 이어 갈 수 있습니다.');
  await expect(preview(page)).toContainText('닫는 시각: 2030년 11월 25일 (월) 18:00 · 다음 시작: 2030년 11월 26일 (화) 09:00');
  // A draft that cannot be meant is said, not guessed at.
  await page.getByLabel('닫기 몇 분 전부터').fill('241');
  await expect(preview(page)).toContainText('표시된 곳을 먼저 고쳐 주세요.');
  // Nothing of it was saved.
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await alive(page);
  await expect(summary(page)).toHaveText('요일과 시간에 관계없이 언제나 엽니다. (Asia/Seoul)');
});

test('what is wrong stands beside its field, and nothing is saved', async ({ server, page }) => {
  await open(page, server.origin);
  await officeWeek(page);
  const tuesday = day(page, '화요일');
  await tuesday.getByRole('button', { name: '화요일 편집' }).click();
  await tuesday.getByLabel('2번째 시작').fill('11:00');
  await expect(tuesday.getByText('겹치는 시간이 있습니다.')).toBeVisible();
  await expect(tuesday.getByLabel('2번째 시작')).toHaveAttribute('aria-invalid', 'true');
  // Closed again it stays in sight.
  await tuesday.getByRole('button', { name: '화요일 접기' }).click();
  await expect(tuesday.getByText('겹치는 시간이 있습니다.')).toBeVisible();
  await save(page).click();
  await expect(page.getByRole('main').getByRole('alert').filter({ hasText: '겹치는 시간이 있습니다.' }).last()).toBeVisible();
  await expect(save(page)).toBeVisible();
  await tuesday.getByLabel('2번째 시작').fill('13:00');
  await expect(tuesday.getByText('겹치는 시간이 있습니다.')).toBeHidden();

  await page.getByLabel('닫기 몇 분 전부터').fill('');
  await expect(page.getByText('범위를 벗어났습니다.').first()).toBeVisible();
  await page.getByLabel('닫기 몇 분 전부터').fill('240');
  await expect(page.getByText('범위를 벗어났습니다.')).toHaveCount(0);
  await page.getByLabel('닫기 몇 분 전부터').fill('300');
  await expect(page.getByText('범위를 벗어났습니다.').first()).toBeVisible();
  await page.getByLabel('닫기 몇 분 전부터').fill('30');

  // An exception that ends before it begins holds back the save as well.
  await page.getByRole('button', { name: '예외 추가' }).click();
  await page.getByLabel('시작일').fill('2030-12-24');
  await page.getByLabel('종료일').fill('2030-12-20');
  await save(page).click();
  await expect(page.getByText('시작일과 같거나 그 뒤여야 합니다.')).toBeVisible();
  await page.getByLabel('종료일').fill('2030-12-31');
  await saved(page);
  await expect(page.getByText('2030년 12월 24일 (화) – 12월 31일 (화)')).toBeVisible();
});

test('exceptions are in the order of their dates, changed and removed', async ({ server, page }) => {
  await open(page, server.origin);
  const list = page.getByRole('region', { name: '예외 날짜' }).getByRole('listitem');
  const add = page.getByRole('button', { name: '예외 추가' });
  await add.click();
  await expect(page.getByLabel('시작일')).toBeFocused();
  await page.getByLabel('시작일').fill('2030-12-31');
  await page.getByLabel('이름').first().fill('창립 기념일');
  await page.getByRole('button', { name: '적용', exact: true }).click();
  await expect(add).toBeFocused();
  await add.click();
  await page.getByLabel('시작일').fill('2030-12-24');
  await page.getByRole('radio', { name: '정한 시간에만 운영' }).check();
  await page.getByLabel('1번째 끝').fill('13:00');
  await page.getByLabel('시작일').press('Enter');
  await expect(list.locator('b')).toHaveText(['2030년 12월 24일 (화)', '2030년 12월 31일 (화)']);
  await expect(list.nth(0)).toContainText('10:00–13:00');
  await expect(list.nth(1)).toContainText('창립 기념일 · 쉼');
  await expect(summary(page)).toContainText('예외 2건이 있습니다.');

  await page.getByRole('button', { name: '창립 기념일 수정' }).click();
  await page.getByLabel('시작일').fill('2030-12-02');
  await page.getByLabel('종료일').fill('2030-12-03');
  await page.getByRole('button', { name: '적용', exact: true }).click();
  await expect(list.locator('b')).toHaveText(['2030년 12월 2일 (월) – 12월 3일 (화)', '2030년 12월 24일 (화)']);
  await page.getByRole('button', { name: '2030년 12월 24일 (화) 삭제' }).click();
  await saved(page);
  await page.reload();
  await expect(list.locator('b')).toHaveText(['2030년 12월 2일 (월) – 12월 3일 (화)']);
  await page.getByLabel('시각 (Asia/Seoul)').fill('2030-12-03T12:00');
  await expect(preview(page)).toContainText('다음 시작: 2030년 12월 4일 (수) 00:00');
});

test('holidays are added, renamed and removed, and their end is told', async ({ server, page }) => {
  await page.clock.setFixedTime(new Date('2028-11-22T12:00:00+09:00'));
  await open(page, server.origin);
  const warning = page.getByRole('status').filter({ hasText: '저장된 마지막 공휴일이' });
  await expect(warning).toBeHidden();
  await page.getByRole('button', { name: /공휴일 채우기/ }).click();
  await expect(warning).toHaveText('저장된 마지막 공휴일이 2028년 12월 25일 (월)입니다. 그 뒤의 공휴일을 넣어 주세요.');
  await page.getByRole('button', { name: /공휴일 채우기/ }).click();
  await expect(page.getByText('빠진 공휴일이 없습니다.')).toBeVisible();
  await page.getByRole('button', { name: '2028년 12월 25일 (월) 성탄절 삭제' }).click();
  await expect(page.getByText('저장된 공휴일이 모두 지났습니다. 마지막은 2028년 10월 9일 (월)입니다.')).toBeVisible();
  const section = page.getByRole('region', { name: '공휴일', exact: true });
  await section.getByRole('button', { name: '추가' }).click();
  await expect(section.getByText('날짜를 넣어 주세요.')).toBeVisible();
  await section.getByLabel('날짜').fill('2029-01-01');
  await section.getByLabel('이름').fill('신정');
  await section.getByLabel('이름').press('Enter');
  await section.getByLabel('날짜').fill('2029-02-13');
  await section.getByLabel('이름').fill('설날');
  await section.getByRole('button', { name: '추가' }).click();
  await expect(warning).toBeHidden();
  await expect(section.getByText('2029년 · 2일')).toBeVisible();
  await saved(page);
});

test('taking chats is stopped and started again at once, whatever is unsaved', async ({ server, page }) => {
  await open(page, server.origin);
  await officeWeek(page);
  await page.getByRole('button', { name: '지금부터 접수 중지' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '취소' }).click();
  await expect(page.getByText('접수 중', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: '지금부터 접수 중지' }).click();
  await dialog.getByRole('button', { name: '지금부터 접수 중지' }).click();
  await expect(page.getByText(/^접수 중지 중, \d\d:\d\d부터$/)).toBeVisible();
  await expect(page.getByText('지금은 접수를 중지했으므로')).toBeVisible();
  // The draft is still there.
  await expect(summary(page)).toContainText('월–금 09:00–18:00');
  await saved(page);
  await page.reload();
  await alive(page);
  await expect(page.getByText(/^접수 중지 중, \d\d:\d\d부터$/)).toBeVisible();
  await page.getByRole('button', { name: '접수 다시 시작' }).click();
  await expect(page.getByText('접수 중', { exact: true })).toBeVisible();
});

test('a queue follows the channel until it gets hours of its own', async ({ server, page }) => {
  await open(page, server.origin);
  await officeWeek(page);
  await saved(page);
  const scope = page.getByLabel('설정할 운영시간');
  await scope.selectOption({ index: 1 });
  await expect(page).toHaveURL(/queue=/);
  await expect(page.getByText('채팅 채널의 운영시간을 따릅니다.', { exact: true })).toBeVisible();
  await expect(summary(page)).toHaveText('월–금 09:00–18:00, 12:00–13:00 제외. 토·일은 쉽니다. (Asia/Seoul)');
  await expect(page.getByRole('heading', { name: '요일별 시간' })).toBeHidden();
  await page.getByRole('switch', { name: '이 대기열만의 운영시간 사용' }).check();
  const saturday = day(page, '토요일');
  await saturday.getByRole('button', { name: '토요일 편집' }).click();
  await saturday.getByRole('button', { name: '시간 추가' }).click();
  await expect(summary(page)).toContainText('토요일 09:00–18:00. 일요일은 쉽니다.');
  await saved(page);
  await page.reload();
  await alive(page);
  await expect(summary(page)).toContainText('토요일 09:00–18:00. 일요일은 쉽니다.');

  // Unsaved changes are asked about before another one is opened.
  await page.getByRole('switch', { name: '이 대기열만의 운영시간 사용' }).uncheck();
  await expect(summary(page)).toContainText('토·일은 쉽니다.');
  const queue = await scope.inputValue();
  await scope.selectOption('');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('저장하지 않은 변경을 버릴까요?');
  await dialog.getByRole('button', { name: '취소' }).click();
  await expect(scope).toHaveValue(queue);
  await scope.selectOption('');
  await dialog.getByRole('button', { name: '버리고 열기' }).click();
  await expect(scope).toHaveValue('');
  await expect(summary(page)).toContainText('토·일은 쉽니다.');
  await scope.selectOption(queue);
  await expect(summary(page)).toContainText('토요일 09:00–18:00.');
  await page.getByRole('switch', { name: '이 대기열만의 운영시간 사용' }).uncheck();
  await saved(page);
  await page.reload();
  await expect(page.getByText('채팅 채널의 운영시간을 따릅니다.', { exact: true })).toBeVisible();
});

test('of two admins the second is told what changed, and decides', async ({ server, page, person }) => {
  await open(page, server.origin);
  const other = await person();
  await open(other, server.origin);
  await officeWeek(other);
  await saved(other);

  await page.getByLabel('닫기 몇 분 전부터').fill('15');
  await save(page).click();
  const banner = page.getByRole('alert').filter({ hasText: '그 사이 다른 사람이 먼저 저장했습니다.' });
  await expect(banner.getByRole('listitem')).toHaveText(['월요일 시간', '화요일 시간', '수요일 시간', '목요일 시간', '금요일 시간']);
  await expect(banner).toContainText('저장한 사람: 조직관리자');
  await expect(page.getByLabel('닫기 몇 분 전부터')).toHaveValue('15');
  await banner.getByRole('button', { name: '저장된 내용 불러오기' }).click();
  await expect(banner).toBeHidden();
  await expect(page.getByLabel('닫기 몇 분 전부터')).toHaveValue('0');
  await expect(summary(page)).toContainText('월–금 09:00–18:00');

  // Now the other one is late, and insists.
  await page.getByLabel('닫기 몇 분 전부터').fill('15');
  await saved(page);
  await other.getByLabel('닫기 몇 분 전부터').fill('20');
  await save(other).click();
  await other.getByRole('alert').getByRole('button', { name: '내 내용으로 저장' }).click();
  await expect(save(other)).toBeHidden();
  await page.reload();
  await expect(page.getByLabel('닫기 몇 분 전부터')).toHaveValue('20');
});

test('unsaved changes are asked about, and can be taken back', async ({ server, page }) => {
  await open(page, server.origin);
  await officeWeek(page);
  const asked = page.waitForEvent('dialog');
  const click = page.getByRole('navigation', { name: '서비스 관리' }).getByRole('link', { name: '대기열 관리' }).click({ noWaitAfter: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await click;
  await page.getByRole('button', { name: '되돌리기' }).click();
  await expect(summary(page)).toHaveText('요일과 시간에 관계없이 언제나 엽니다. (Asia/Seoul)');
  await page.getByRole('navigation', { name: '서비스 관리' }).getByRole('link', { name: '대기열 관리' }).click();
  await expect(page).toHaveURL(/\/settings\/queues$/);
});

test('times are the service’s, wherever the admin is', async ({ server, person }) => {
  const page = await person({ timezoneId: 'America/New_York', locale: 'ko-KR' });
  await open(page, server.origin);
  await officeWeek(page);
  await page.getByLabel('시각 (Asia/Seoul)').fill('2030-11-24T23:00');
  await expect(preview(page)).toContainText('다음 시작: 2030년 11월 25일 (월) 09:00');
});

for (const lang of ['ko', 'en'] as Lang[]) {
  test(`nothing is wider than a phone, and axe finds nothing (${lang})`, async ({ server, person }) => {
    test.slow();
    const page = await person({ viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true, reducedMotion: 'reduce', locale: lang === 'ko' ? 'ko-KR' : 'en-US' });
    await open(page, server.origin, lang);
    const names = lang === 'ko' ? { cancel: '취소', save: '저장', add: '시간 추가', pause: '쉬는 시간 빼기', except: '예외 추가', hours: '정한 시간에만 운영', fill: /채우기/ } : { cancel: 'Cancel', save: 'Save', add: 'Add hours', pause: 'Cut out a break', except: 'Add exception', hours: 'Open at these hours only', fill: /^Fill in/ };
    const first = page.locator('.week-day[role=group]').first();
    await first.locator('button').first().click();
    await first.getByRole('button', { name: names.add }).click();
    await first.getByRole('button', { name: names.pause }).click();
    await page.getByRole('button', { name: names.fill }).click();
    await page.getByRole('button', { name: names.except }).click();
    await page.getByRole('radio', { name: names.hours }).check();
    if (lang === 'en') await expect(summary(page)).toHaveText('Monday 09:00–18:00. Closed on Tue–Sun and public holidays. (Asia/Seoul)');
    await expect(preview(page)).not.toBeEmpty();
    // The bar floats over the page and covers what it covers: it is judged by itself.
    expect(await violations(page, '.savebar')).toEqual([]);
    const wide = await page.evaluate(() => [document.documentElement, document.querySelector('main')!].map((e) => [e.scrollWidth, e.clientWidth]));
    for (const [content, screen] of wide) expect(content).toBeLessThanOrEqual(screen);
    await page.getByRole('button', { name: names.cancel, exact: true }).click();
    await page.getByRole('button', { name: names.save, exact: true }).click();
    await expect(page.locator('.savebar')).toBeHidden();
    await page.getByRole('button', { name: names.except }).click();
    for (const viewport of [{ width: 360, height: 640 }, { width: 1280, height: 800 }]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await violations(page), `${viewport.width}, ${colorScheme}`).toEqual([]);
      }
    }
  });
}

async function violations(page: Page, part?: string): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${AXE} }`);
  return page.evaluate(async (part) => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await (window as any).axe.run(part ? { include: part } : document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return found.violations.flatMap((v: any) => v.nodes.map((n: any) => `${v.id}: ${n.target.flat().join(' ')} ${n.html.slice(0, 160)} – ${n.failureSummary}`));
  }, part);
}
