// Files of 1:1 문의 (A28, A51) and the picture of a service, as people send and see them.
import { violations } from '../support/axe';
import { openShop, signIn } from '../support/pages';
import { png } from '../support/png';
import { ask, fits } from '../support/settings';
import { expect, test } from '../support/test';

const PHOTO = { name: '파손 사진.png', mimeType: 'image/png', buffer: png(320, 200) };

test('a photo comes with a 문의, and the answer brings a file', async ({ server, page, person }) => {
  const admin = await person();
  await signIn(admin, server.origin, 'owner');
  await ask(admin, server.origin, 'settings/hours/stop', { stopped: true });
  const shop = await openShop(page, server.origin);
  await shop.approach();
  await shop.door.getByRole('link', { name: '문의하기' }).click();
  await shop.door.getByLabel(/^문의 내용/).fill('상품이 깨져서 왔어요');
  const files = shop.door.getByLabel(/^파일 첨부/);
  const send = shop.door.getByRole('button', { name: '동의하고 문의 남기기' });

  // What is no picture, whatever it calls itself; the words stay.
  await files.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('<html><script>alert(1)</script>') });
  await send.click();
  await expect(shop.door.getByText('첨부할 수 없는 형식의 파일이 있습니다.')).toBeVisible();
  await expect(shop.door.getByLabel(/^문의 내용/)).toHaveValue('상품이 깨져서 왔어요');
  expect(await violations(page)).toEqual([]);
  await files.setInputFiles([PHOTO, { name: '메모.txt', mimeType: 'text/plain', buffer: Buffer.from('현관 앞에서 찍었어요') }]);
  await send.click();
  await expect(shop.door.getByRole('status')).toContainText('문의가 접수되었습니다');
  const [own] = await Promise.all([page.waitForEvent('popup'), shop.door.getByRole('link', { name: '내 문의 보기' }).click()]);
  const sent = own.getByRole('list', { name: '첨부 파일' });
  await expect(sent.getByRole('listitem')).toHaveCount(2);
  const [download] = await Promise.all([own.waitForEvent('download'), sent.getByRole('link', { name: '메모.txt' }).click()]);
  expect(download.suggestedFilename()).toBe('메모.txt');
  expect(await violations(own)).toEqual([]);

  await admin.goto(`${server.origin}/inquiries`);
  await admin.getByRole('link', { name: '문의 1번' }).click();
  const preview = admin.locator('.file-preview');
  await expect(preview).toHaveCount(1);
  await expect.poll(() => preview.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(320);
  await admin.getByLabel('답변', { exact: true }).fill('교환 안내문을 보내 드립니다.');
  await admin.getByLabel('파일 첨부').setInputFiles({ name: '안내.txt', mimeType: 'text/plain', buffer: Buffer.from('교환 안내') });
  await admin.getByRole('button', { name: '답변 보내기' }).click();
  await expect(admin.getByRole('listitem').filter({ hasText: '교환 안내문을' }).getByRole('link', { name: '안내.txt' })).toBeVisible();
  expect(await violations(admin)).toEqual([]);
  await admin.setViewportSize({ width: 360, height: 740 });
  await fits(admin);
  await own.reload();
  await expect(own.getByRole('link', { name: '안내.txt' })).toBeVisible();
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('a file comes with the plain form', async ({ server, page }) => {
    await page.goto(`${server.origin}/help/demo/inquiry?lang=ko`);
    await page.getByLabel(/^문의 내용/).fill('스크립트 없이');
    await page.getByLabel(/^파일 첨부/).setInputFiles(PHOTO);
    await page.getByRole('button', { name: '동의하고 문의 남기기' }).click();
    await expect(page.getByRole('status')).toContainText('문의가 접수되었습니다');
    // What this browser has left is found again.
    await page.goto(`${server.origin}/help/demo/inquiries?lang=ko`);
    await page.getByRole('link', { name: '문의 1번' }).click();
    await expect(page.getByRole('link', { name: '파손 사진.png' })).toBeVisible();
  });
});

test('the picture of a service stands in its widget and help centre', async ({ server, page, person }) => {
  const owner = await person();
  await signIn(owner, server.origin, 'owner');
  await owner.goto(`${server.origin}/organization/services`);
  // A press before the page is alive is lost, as for anybody.
  const field = owner.getByLabel('서비스 이미지');
  await expect(async () => {
    if (!(await field.isVisible())) await owner.getByRole('button', { name: '데모 스토어 계약 상세 내역' }).click({ timeout: 1_000 });
    await expect(field).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await owner.getByLabel('이름 (영어)').first().fill('Typed before');
  await field.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(900, 600) });
  await owner.getByRole('button', { name: '이미지 올리기' }).click();
  await expect(owner.getByRole('img', { name: '데모 스토어 서비스 이미지' })).toBeVisible();
  await expect(owner.getByLabel('이름 (영어)').first()).toHaveValue('Typed before');
  expect(await violations(owner)).toEqual([]);

  const shop = await openShop(page, server.origin);
  await shop.open();
  const picture = shop.root.locator('header img');
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  // Beside what the desk says: the greeting.
  const said = shop.root.locator('.msg.first:not(.mine)').first();
  const face = () => said.evaluate((e) => getComputedStyle(e, '::before').backgroundImage);
  await expect.poll(face).toContain(new URL(await picture.evaluate((image: HTMLImageElement) => image.src)).pathname);
  await page.goto(`${server.origin}/help/demo?lang=ko`);
  await expect.poll(() => page.locator('.help-head img').evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
});
