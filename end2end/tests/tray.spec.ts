// What stands beside a customer's running chat: rating (A30, A52, G19), place in the line (D8),
// the conversation to keep, and what he reads when his chat waits again (D10).
import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { Visitor } from '../support/api';
import { violations } from '../support/axe';
import { openShop, signIn, type Desk, type Shop } from '../support/pages';
import { ask, fits } from '../support/settings';
import { expect, test } from '../support/test';

const NAMES = {
  ko: { rate: '평가', good: '만족', bad: '불만족', submit: '평가 남기기', save: '대화 내용 저장', file: '텍스트 파일로 저장', request: '평가 요청' },
  en: { rate: 'Rate', good: 'Satisfied', bad: 'Unsatisfied', submit: 'Submit rating', save: 'Save conversation', file: 'Save as a text file', request: 'Request rating' },
} as const;

const button = (shop: Shop, name: string): Locator => shop.root.getByRole('button', { name, exact: true });
const place = (shop: Shop): Locator => shop.root.locator('.place');
/** The widget's own document. */
const frame = (shop: Shop) => shop.page.frames().find((f) => f.url().includes('/w/'))!;

/** A customer whom an agent has answered. */
async function talk(shop: Shop, desk: Desk, answer = '네, 확인할게요'): Promise<void> {
  await shop.open();
  await shop.send('배송 문의드려요');
  await desk.openRow();
  await desk.startButton.click();
  await desk.send(answer);
  await shop.expectMessage(answer);
}

test('the customer rates in the chat, changes his mind, and the agent is told', async ({ server, page, person }) => {
  const desk = await signIn(await person(), server.origin);
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('배송 문의드려요');
  await expect(place(shop)).toContainText('바로 다음 순서입니다.');
  await expect(button(shop, '평가')).toBeHidden();
  await desk.openRow();
  await desk.startButton.click();
  await expect(place(shop)).toBeHidden();
  await desk.send('네, 확인할게요');

  // By keyboard; Escape closes the window and leaves the panel.
  await button(shop, '평가').press('Enter');
  const rating = shop.root.getByRole('dialog', { name: '상담은 어떠셨나요?' });
  await expect(rating).toBeVisible();
  expect(await violations(frame(shop))).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(rating).toBeHidden();
  await expect(shop.panel).toBeVisible();
  await button(shop, '평가').click();
  await rating.getByRole('radio', { name: '만족', exact: true }).check();
  await rating.getByRole('textbox', { name: '의견 (선택)' }).fill('친절해요');
  await button(shop, '평가 남기기').click();
  await expect(rating).toBeHidden();
  await expect(shop.root.getByText('‘만족’으로 평가하셨습니다. 고맙습니다.').filter({ visible: true }).first()).toBeVisible();
  await expect(button(shop, '평가')).toBeFocused();

  await expect(desk.log).toContainText('고객이 만족으로 평가했습니다: 친절해요');
  await expect(desk.page.getByRole('status').filter({ hasText: '만족으로 평가했습니다.' })).toBeVisible();
  const info = desk.page.locator('#details');
  await expect(info).toContainText('친절해요');
  expect(await violations(desk.page)).toEqual([]);

  // What was given stands in the form; the last one counts, here and after a reload.
  await button(shop, '평가').click();
  await expect(rating.getByRole('radio', { name: '만족', exact: true })).toBeChecked();
  await rating.getByRole('radio', { name: '불만족' }).check();
  await button(shop, '평가 남기기').click();
  await expect(info.getByText('불만족', { exact: true })).toBeVisible();
  await desk.page.reload();
  await expect(info.getByText('불만족', { exact: true })).toBeVisible();

  // A typed word survives news of the tray.
  await button(shop, '평가').click();
  await rating.getByRole('textbox').fill('아직 쓰는 중');
  await desk.page.getByRole('button', { name: '평가 요청' }).first().click();
  await shop.expectMessage('상담은 어떠셨나요?');
  await expect(rating.getByRole('textbox')).toHaveValue('아직 쓰는 중');
});

test('asked by the agent, and after the end', async ({ server, page, person }) => {
  const desk = await signIn(await person(), server.origin);
  const shop = await openShop(page, server.origin);
  await talk(shop, desk);
  await desk.page.getByRole('button', { name: '평가 요청' }).first().click();
  await expect(desk.page.getByText('평가를 요청했습니다.', { exact: true })).toBeVisible();
  await expect(desk.log).toContainText('님이 평가를 요청했습니다: 상담은 어떠셨나요?');
  await shop.expectMessage('상담은 어떠셨나요?');
  expect(await violations(frame(shop))).toEqual([]);
  await button(shop, '만족').click();
  await expect(button(shop, '만족')).toBeHidden();
  await expect(desk.log).toContainText('고객이 만족으로 평가했습니다.');
  await desk.end();
  await expect(button(shop, '의견 쓰기')).toBeVisible();
  await button(shop, '의견 쓰기').click();
  await shop.root.getByRole('textbox', { name: '의견 (선택)' }).fill('다음에도 부탁드려요');
  await button(shop, '평가 남기기').click();
  // Also who has no such chat on his desk any more is told.
  await expect(desk.page.getByRole('status').filter({ hasText: '만족으로 평가했습니다.' }).last()).toBeVisible();
  expect(await violations(frame(shop))).toEqual([]);
  await page.reload();
  await shop.alive();
  await expect(button(shop, '평가 바꾸기')).toBeVisible();
  await expect(shop.newChat).toBeVisible();
});

test('off, it is nowhere', async ({ server, page, person }) => {
  const owner = await person();
  await signIn(owner, server.origin, 'owner');
  const desk = await signIn(await person(), server.origin);
  const shop = await openShop(page, server.origin);
  await talk(shop, desk);
  await expect(button(shop, '평가')).toBeVisible();
  const stored = await (await owner.request.post(`${server.origin}/api/settings/chat`, { data: {}, headers: { origin: server.origin } })).json();
  await ask(owner, server.origin, 'settings/chat/save', { over: stored.texts.version, value: { ...stored.texts.value, rating: false } });
  await expect(button(shop, '평가')).toBeHidden();
  await expect(button(shop, '대화 내용 저장')).toBeVisible();
  await expect(desk.page.getByRole('button', { name: '평가 요청' })).toHaveCount(0);
});

test('a place in the line is told, kept, and said to who listens', async ({ server, page, person }) => {
  const others = [await Visitor.arrive(server.origin), await Visitor.arrive(server.origin)];
  for (const other of others) await other.say('먼저 왔어요');
  const shop = await openShop(page, server.origin);
  await shop.open();
  await expect(place(shop)).toContainText('메시지를 보내시면');
  await shop.send('기다릴게요');
  await expect(place(shop)).toContainText('앞에 2명이 기다리고 있습니다.');
  await expect(shop.root.locator('#damso-tray-said')).toHaveText('앞에 2명이 기다리고 있습니다.');
  expect(await violations(frame(shop))).toEqual([]);
  // Away and back by the same browser.
  await page.goto('about:blank');
  await others[0].end();
  const back = await openShop(page, server.origin);
  await back.alive();
  await expect(place(back)).toContainText('앞에 1명이 기다리고 있습니다.');
  await others[1].end();
  await expect(place(back)).toContainText('바로 다음 순서입니다.');
  await expect(back.root.locator('#damso-tray-said')).toHaveText('바로 다음 순서입니다.');

  // Answered, lost, and answered again: a neutral line.
  const desk = await signIn(await person(), server.origin);
  await desk.openRow();
  await desk.startButton.click();
  await desk.send('무엇을 도와드릴까요?');
  await expect(place(back)).toBeHidden();
  const chat = new URL(desk.page.url()).pathname.split('/').pop();
  await ask(desk.page, server.origin, 'chats/release', { chat });
  await expect(place(back)).toContainText('다른 상담원을 연결하고 있습니다. 잠시만 기다려 주세요.');
  expect(await back.root.locator('body').innerText()).not.toMatch(/상담원1|대기열/);
  await ask(desk.page, server.origin, 'chats/start', { chat });
  await expect(place(back)).toBeHidden();
});

test('the conversation is saved as a file, in the frame and on the page by itself', async ({ server, page, person }) => {
  const desk = await signIn(await person(), server.origin);
  const shop = await openShop(page, server.origin);
  await talk(shop, desk);
  const save = async (press: () => Promise<void>, on = page): Promise<string> => {
    const [download] = await Promise.all([on.waitForEvent('download'), press()]);
    expect(download.suggestedFilename()).toMatch(/상담 \d{4}-\d\d-\d\d\.txt$/);
    return readFileSync(await download.path(), 'utf8');
  };
  const text = await save(async () => {
    await button(shop, '대화 내용 저장').click();
    expect(await violations(frame(shop))).toEqual([]);
    await button(shop, '텍스트 파일로 저장').click();
  });
  expect(text.startsWith('\ufeff')).toBe(true);
  expect(text).toContain('나: 배송 문의드려요\r\n');
  expect(text).toContain('데모 스토어: 네, 확인할게요\r\n');
  expect(text).not.toContain('상담원1');
  await shop.end();
  await button(shop, '대화 내용 저장').click();
  expect(await save(() => button(shop, '텍스트 파일로 저장').click())).toContain('대화를 종료했습니다');

  // By itself, without any script.
  const plain = await person({ javaScriptEnabled: false, locale: 'ko-KR' });
  await plain.goto(`${server.origin}/w/demo?lang=ko`);
  await plain.getByRole('button', { name: '동의하고 상담 시작' }).click();
  await plain.getByRole('textbox', { name: '메시지', exact: true }).fill('스크립트 없이');
  await plain.getByRole('button', { name: '보내기', exact: true }).click();
  await expect(plain.locator('.place')).toContainText('바로 다음 순서입니다.');
  await plain.getByRole('button', { name: '대화 내용 저장' }).click();
  expect(await save(() => plain.getByRole('button', { name: '텍스트 파일로 저장' }).click(), plain)).toContain('나: 스크립트 없이');
});

for (const lang of ['ko', 'en'] as const) {
  test(`on a phone and in the dark, ${lang}`, async ({ server, page, person }, info) => {
    const names = NAMES[lang];
    const shot = (name: string) => page.screenshot({ path: `results/tray-${lang}-${name}.png` });
    const wide = await person({ viewport: { width: 1280, height: 800 }, locale: 'ko-KR' });
    const desk = await signIn(wide, server.origin, 'agent1', lang);
    await page.setViewportSize({ width: 360, height: 640 });
    const ahead = await Visitor.arrive(server.origin);
    await ahead.say('앞사람');
    const shop = await openShop(page, server.origin, '/demo/shop', lang);
    await shop.open();
    await shop.send('배송 문의드려요');
    await expect(place(shop)).toContainText(lang === 'ko' ? '앞에 1명' : '1 ahead of you.');
    await shot('1-waits');
    await desk.openRow(1);
    await desk.startButton.click();
    await desk.send('네, 확인할게요');
    await expect(button(shop, names.rate)).toBeVisible();
    await shot('2-active');
    await button(shop, names.rate).click();
    await shop.root.getByRole('radio', { name: names.good, exact: true }).check();
    await shot('3-rate');
    await page.keyboard.press('Escape');
    await button(shop, names.save).click();
    await shot('4-save');
    expect(await violations(frame(shop))).toEqual([]);
    await page.keyboard.press('Escape');
    await desk.page.getByRole('button', { name: names.request, exact: true }).first().click();
    await expect(button(shop, names.good)).toBeVisible();
    await shot('5-asked');
    // With a keyboard open there is room for the log still.
    await page.setViewportSize({ width: 360, height: 340 });
    await shot('6-keyboard');
    expect((await shop.log.boundingBox())!.height).toBeGreaterThan(90);
    await page.setViewportSize({ width: 360, height: 640 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('7-dark');
    expect(await violations(frame(shop))).toEqual([]);
    await desk.page.screenshot({ path: `results/tray-${lang}-8-desk.png` });
    await desk.page.setViewportSize({ width: 360, height: 740 });
    await fits(desk.page);
    await desk.page.screenshot({ path: `results/tray-${lang}-9-desk-phone.png` });
    await desk.end();
    await expect(shop.newChat).toBeVisible();
    await shot('10-over');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await shot('11-over-wide');
    expect(await frame(shop).evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    expect(info.errors).toEqual([]);
  });
}
