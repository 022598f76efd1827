// The conversation: files both ways, drafts on the server, words among colleagues, the
// question before one talks past them, emoji, and links that deceive.
import { violations } from '../support/axe';
import { openShop, signIn, type Desk } from '../support/pages';
import { png } from '../support/png';
import { fits } from '../support/settings';
import { expect, test } from '../support/test';

const PHOTO = { name: '파손 사진.png', mimeType: 'image/png', buffer: png(320, 200) };
const NOTICE = { name: '안내.txt', mimeType: 'text/plain', buffer: Buffer.from('교환 절차 안내') };
const WRONG = { name: '설치.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ\x90\0\x03') };

const note = (desk: Desk) => desk.page.getByRole('textbox', { name: '메모 내용' });
const tray = (desk: Desk) => desk.page.getByRole('list', { name: '보낼 파일' });

/** Pastes or drops files, as a browser tells it. */
async function hand(desk: Desk, how: 'paste' | 'drop', files: (typeof PHOTO)[]) {
  const data = await desk.page.evaluateHandle(
    (all) => {
      const data = new DataTransfer();
      for (const { name, type, bytes } of all) data.items.add(new File([new Uint8Array(bytes)], name, { type }));
      return data;
    },
    files.map((file) => ({ name: file.name, type: file.mimeType, bytes: [...file.buffer] })),
  );
  if (how === 'drop') {
    await desk.log.dispatchEvent('dragover', { dataTransfer: data });
    await expect(desk.page.getByText('여기에 놓으면 첨부됩니다')).toBeVisible();
    await desk.log.dispatchEvent('drop', { dataTransfer: data });
    await expect(desk.page.getByText('여기에 놓으면 첨부됩니다')).toBeHidden();
  } else {
    await desk.field.evaluate((field, data) => {
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, data);
  }
}

test('files go both ways: by button, paste and drop, named when they are refused', async ({ server, page, person }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('상자가 깨져서 왔어요');
  const desk = await signIn(await person(), server.origin);
  await desk.openRow();
  await desk.startButton.click();
  await expect(desk.endButton).toBeVisible();

  // The customer's photo is drawn on both sides, and opens large at the desk.
  const attach = shop.root.locator('form.attach');
  await attach.getByLabel('파일 첨부').first().setInputFiles([PHOTO]);
  const own = shop.log.getByRole('link', { name: '파손 사진.png' }).getByRole('img');
  await expect(own).toBeVisible();
  await expect.poll(() => own.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(320);
  await expect(attach.getByRole('listitem')).toHaveCount(0);
  const open = desk.log.getByRole('button', { name: '파손 사진.png 크게 보기' });
  await open.click();
  const large = desk.page.getByRole('dialog', { name: '파손 사진.png' });
  await expect(large.getByRole('img')).toBeVisible();
  expect(await violations(desk.page)).toEqual([]);
  await desk.page.keyboard.press('Escape');
  await expect(large).toBeHidden();
  // What is none of the kinds says which it is, and can be put away.
  await attach.getByLabel('파일 첨부').first().setInputFiles([WRONG]);
  const refused = attach.getByRole('listitem').filter({ hasText: '설치.exe' });
  await expect(refused).toContainText('첨부할 수 없는 형식');
  await refused.getByRole('button', { name: '지우기' }).click();
  await expect(refused).toHaveCount(0);

  // The desk: chosen, pasted and dropped, one message with words.
  await desk.page.locator('.attach-input').setInputFiles([NOTICE]);
  await hand(desk, 'paste', [PHOTO]);
  await hand(desk, 'drop', [WRONG]);
  await expect(tray(desk).locator('.piece')).toHaveCount(3);
  // The picture is shown as one before it is sent; what only calls itself a picture is not.
  const small = tray(desk).locator('.piece').filter({ hasText: '파손 사진.png' }).locator('.piece-picture');
  await expect.poll(() => small.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);
  const address = (await small.getAttribute('src'))!;
  await hand(desk, 'paste', [{ name: '가짜.png', mimeType: 'image/png', buffer: Buffer.from('no picture') }]);
  await expect(tray(desk).locator('.piece')).toHaveCount(4);
  await expect(tray(desk).locator('.piece-picture')).toHaveCount(1);
  await tray(desk).getByRole('button', { name: '가짜.png 빼기' }).click();
  expect(await violations(desk.page)).toEqual([]);
  await desk.field.fill('안내를 보내 드립니다');
  await desk.field.press('Enter');
  await expect(desk.field).toHaveValue('');
  await expect(tray(desk).getByRole('status')).toContainText('‘설치.exe’: ');
  // Without the one that is refused the same message goes out, once.
  await tray(desk).getByRole('button', { name: '설치.exe 빼기' }).click();
  await tray(desk).getByRole('button', { name: '다시 시도' }).click();
  await desk.expectMessage('안내를 보내 드립니다', /sent|delivered|seen/);
  await expect(tray(desk)).toBeHidden();
  // The page keeps nothing of what was sent.
  const drawn = (src: string) =>
    new Promise((done) => {
      const image = new Image();
      image.onload = () => done(true);
      image.onerror = () => done(false);
      image.src = src;
    });
  expect(await desk.page.evaluate(drawn, address)).toBe(false);
  await shop.expectMessage('안내를 보내 드립니다');
  const card = shop.log.getByRole('link', { name: /안내\.txt/ });
  await expect(card).toContainText('B');
  const [download] = await Promise.all([page.waitForEvent('download'), card.click()]);
  expect(download.suggestedFilename()).toBe('안내.txt');
  const [saved] = await Promise.all([desk.page.waitForEvent('download'), desk.log.getByRole('link', { name: '안내.txt 저장' }).click()]);
  expect(saved.suggestedFilename()).toBe('안내.txt');
  // Both still show it after a reload.
  await desk.page.reload();
  await desk.connected();
  await expect(desk.log.getByRole('link', { name: '안내.txt 저장' })).toBeVisible();
});

test('an upload is cancelled, and tried again, in the middle of it', async ({ server, page, person }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('안녕하세요');
  const desk = await signIn(await person(), server.origin);
  await desk.openRow();
  let held = 0;
  await desk.page.route('**/console/*/files', (route) => {
    held += 1;
    return held === 1 ? undefined : route.continue();
  });
  await desk.page.locator('.attach-input').setInputFiles([NOTICE]);
  // Enter in the empty field sends the files alone.
  await desk.field.press('Enter');
  await tray(desk).getByRole('button', { name: '보내기 취소' }).click();
  await expect(tray(desk).getByRole('status')).toHaveText('보내기를 취소했습니다.');
  await tray(desk).getByRole('button', { name: '다시 시도' }).click();
  await expect(shop.log.getByRole('link', { name: /안내\.txt/ })).toBeVisible();
  await expect(tray(desk)).toBeHidden();
  expect(held).toBe(2);
  // Files without words are read out, with their sender; history is not.
  const said = shop.root.locator('form.attach [role=status]');
  await expect(said).toHaveText(/^\S.*: 안내\.txt$/);
  await page.reload();
  await shop.ready();
  await expect(shop.log.getByRole('link', { name: /안내\.txt/ })).toBeVisible();
  await expect(said).toBeEmpty();
});

test('a draft follows its agent to another browser, and sending empties it there', async ({ server, page, person }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('안녕하세요');
  const one = await signIn(await person(), server.origin);
  const two = await signIn(await person(), server.origin);
  await one.openRow();
  await one.field.fill('쓰다 만 답장');
  // In the list of the other, by itself, with a mark.
  await expect(two.rows.first()).toContainText('초안');
  await expect(two.rows.first()).toContainText('쓰다 만 답장');
  await two.openRow();
  await expect(two.field).toHaveValue('쓰다 만 답장');
  // The newest wins, on both.
  await two.field.fill('쓰다 만 답장을 고쳤어요');
  await expect(one.field).toHaveValue('쓰다 만 답장을 고쳤어요');
  await one.field.press('Enter');
  await one.expectMessage('쓰다 만 답장을 고쳤어요');
  await expect(two.field).toHaveValue('');
  await expect(one.page.locator('.chip.draft')).toHaveCount(0);
  await expect(two.page.locator('.chip.draft')).toHaveCount(0);
  await shop.expectMessage('쓰다 만 답장을 고쳤어요');
});

test('a note looks like none of the replies, and never reaches the customer', async ({ server, page, person }) => {
  const told: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', (frame) => told.push(String(frame.payload))));
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('환불해 주세요');
  const one = await signIn(await person(), server.origin);
  const owner = await signIn(await person(), server.origin, 'owner');
  await one.openRow();
  await owner.openRow();
  await one.field.fill('답장은 그대로');
  // By the keyboard alone.
  await one.field.press('Control+i');
  await expect(note(one)).toBeFocused();
  await expect(one.page.getByRole('status').filter({ hasText: '고객에게 보이지 않습니다' })).toBeAttached();
  await expect(one.page.getByRole('button', { name: '메모', exact: true })).toHaveAttribute('aria-pressed', 'true');
  const box = one.page.locator('.noting .composer-box');
  await expect(box).toHaveCSS('border-top-style', 'dashed');
  expect(await violations(one.page)).toEqual([]);
  await note(one).fill('SECRET 단골 고객');
  await note(one).press('Enter');
  await expect(owner.page.getByRole('article', { name: /상담원1님의 메모/ })).toContainText('SECRET 단골 고객');
  // Back to the reply, where nothing was lost.
  await expect(one.field).toBeFocused();
  await expect(one.field).toHaveValue('답장은 그대로');
  await one.field.press('Enter');
  await shop.expectMessage('답장은 그대로');
  expect(await shop.log.innerText()).not.toContain('SECRET');
  expect(told.join('\n')).not.toContain('SECRET');
});

test('who talks past a colleague is asked once, and loses nothing', async ({ server, page, person }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('안녕하세요');
  const one = await signIn(await person(), server.origin);
  await one.openRow();
  await one.send('네, 말씀하세요');
  for (let n = 1; n <= 30; n += 1) await shop.send(`질문 ${n}`);
  await one.expectMessage('질문 30');
  const owner = await signIn(await person(), server.origin, 'owner');
  await owner.page.goto(one.page.url());
  await owner.connected();
  await one.log.evaluate((log) => log.scrollTo(0, 0));
  await expect(one.page.getByRole('button', { name: '최근 메시지로 이동' })).toBeVisible();
  await note(owner).fill('환불은 안 됩니다');
  await note(owner).press('Enter');
  await expect(one.page.getByRole('article', { name: /조직관리자님의 메모/ })).toBeAttached();

  await one.field.fill('환불해 드릴게요');
  await one.field.press('Enter');
  const question = one.page.getByRole('alert').filter({ hasText: '조직관리자 님이 쓴 글을 아직 보지 않았습니다' });
  await expect(question).toBeVisible();
  const yes = question.getByRole('button', { name: '보내기' });
  await expect(yes).toBeFocused();
  expect(await violations(one.page)).toEqual([]);
  // Escape looks again: the words stay, and what is new is in view.
  await one.page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(one.field).toHaveValue('환불해 드릴게요');
  await expect(one.page.getByRole('article', { name: /조직관리자님의 메모/ })).toBeInViewport();
  await one.field.fill('확인해 보겠습니다');
  await one.field.press('Enter');
  await shop.expectMessage('확인해 보겠습니다');
  await expect(question).toBeHidden();

  // The line is away while he sends: the server asks, and Enter says yes.
  await one.page.context().setOffline(true);
  await one.page.route('**/api/chats/send', (route) => route.abort());
  await one.send('늦은 답장');
  await note(owner).fill('또 하나');
  await note(owner).press('Enter');
  await expect(owner.page.getByRole('article', { name: /의 메모/ })).toHaveCount(2);
  await one.page.unroute('**/api/chats/send');
  await one.page.context().setOffline(false);
  await expect(question).toContainText('늦은 답장');
  await expect(yes).toBeFocused();
  await one.page.keyboard.press('Enter');
  await shop.expectMessage('늦은 답장');
  await one.expectMessage('늦은 답장', /sent|delivered|seen/);
});

test('emoji by search and keyboard, where the caret is', async ({ server, page, person }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('안녕하세요');
  const desk = await signIn(await person(), server.origin);
  await desk.openRow();
  await desk.field.fill('감사합니다!');
  await desk.field.press('End');
  await desk.field.press('ArrowLeft');
  const button = desk.page.getByRole('button', { name: '이모지', exact: true });
  await button.click();
  const search = desk.page.getByRole('searchbox', { name: '이모지 검색' });
  await expect(search).toBeFocused();
  await expect(desk.page.getByRole('option').first()).toBeVisible();
  expect(await violations(desk.page)).toEqual([]);
  await search.fill('heart 빨간');
  await expect(desk.page.getByRole('option')).toHaveCount(1);
  await search.press('ArrowDown');
  await expect(desk.page.getByRole('option', { name: '빨간 하트' })).toBeFocused();
  await desk.page.keyboard.press('Enter');
  await expect(desk.field).toBeFocused();
  await expect(desk.field).toHaveValue('감사합니다❤️!');
  await button.click();
  await search.press('Escape');
  await expect(search).toBeHidden();
  await expect(button).toBeFocused();
});

test('a link says where it leads, and opens without a word of this page', async ({ server, page, person }) => {
  const shop = await openShop(page, server.origin);
  await shop.open();
  await shop.send('https://аpple.com/login 와 https://한국.kr/가 그리고 javascript:alert(1) tel:02-123-4567');
  const desk = await signIn(await person(), server.origin);
  await desk.openRow();
  const links = desk.message('apple').or(desk.message('аpple')).getByRole('link');
  await expect(links).toHaveCount(3);
  for (const link of await links.all()) {
    expect(await link.getAttribute('rel')).toContain('noopener noreferrer');
    expect(await link.getAttribute('href')).toMatch(/^(https:|tel:)/);
  }
  await expect(desk.message('аpple')).toContainText('(xn--pple-43d.com)');
  await expect(desk.message('аpple')).not.toContainText('xn--3e0b707e');
});

for (const lang of ['ko', 'en'] as const) {
  for (const [width, height, colorScheme] of [[1280, 800, 'light'], [360, 740, 'dark']] as const) {
    test(`it fits ${width} pixels and axe finds nothing (${lang})`, async ({ server, page, person }) => {
      const shop = await openShop(page, server.origin, '/demo/shop', lang);
      await shop.open();
      await shop.send('배송이 늦어요 https://аpple.com');
      const desk = await signIn(await person({ viewport: { width, height }, colorScheme }), server.origin, 'agent1', lang);
      await desk.openRow();
      await desk.startButton.click();
      await expect(desk.endButton).toBeVisible();
      await shop.root.locator('form.attach input[type=file]').first().setInputFiles([PHOTO, NOTICE]);
      await expect(desk.log.locator('.file-card')).toHaveCount(2);
      await desk.field.press('Control+i');
      const field = desk.page.locator('.noting textarea');
      await field.fill(lang === 'ko' ? '택배사에 확인 중입니다' : 'Checking with the carrier');
      await field.press('Enter');
      await expect(desk.log.locator('article.note')).toBeVisible();
      await desk.page.locator('.attach-input').setInputFiles([NOTICE, PHOTO]);
      await expect(desk.page.locator('.piece')).toHaveCount(2);
      await fits(desk.page);
      expect(await violations(desk.page)).toEqual([]);
      await desk.page.screenshot({ path: `results/talk-${lang}-${width}.png` });
      await desk.page.locator('.emoji-place > button').click();
      await expect(desk.page.getByRole('option').first()).toBeVisible();
      await fits(desk.page);
      await desk.page.screenshot({ path: `results/talk-emoji-${lang}-${width}.png` });
      await desk.page.keyboard.press('Escape');
      await desk.field.press('Control+i');
      await fits(desk.page);
      await desk.page.screenshot({ path: `results/talk-note-${lang}-${width}.png` });
      expect(await violations(page.frames().find((frame) => frame.url().includes('/w/demo'))!)).toEqual([]);
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: `results/talk-widget-${lang}-${width}.png` });
    });
  }
}
