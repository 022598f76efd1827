// The whole story in two windows.
import { expect, test } from '../support/test';
import { openShop, signIn } from '../support/pages';
import type { Lang } from '../support/words';

const SAY = {
  ko: { first: '배송이 아직 안 왔어요', more: '주문번호는 8821이에요', reply: '확인해 보겠습니다', last: '내일 도착합니다', code: /^고객 [0-9A-F]{4}/, ended: '상담이 종료되었습니다', youEnded: '대화를 종료했습니다' },
  en: { first: 'My parcel has not arrived', more: 'The order is 8821', reply: 'Let me look', last: 'It comes tomorrow', code: /^Customer [0-9A-F]{4}/, ended: 'This chat has ended', youEnded: 'You ended the chat' },
};

for (const lang of ['ko', 'en'] as Lang[]) {
  const say = SAY[lang];

  test(`a customer and an agent talk, the customer ends (${lang})`, async ({ server, page, person }) => {
    const desk = await signIn(await person(), server.origin, 'agent1', lang);
    await expect(desk.tab('waiting', 0)).toBeVisible();
    await expect(desk.icon).not.toHaveAttribute('data-blinking');
    await expect(desk.page).toHaveTitle(`${desk.words.chatsTitle} · Damso`);

    const shop = await openShop(page, server.origin, '/demo/shop', lang);
    await expect(shop.launcherNamed(shop.words.openChat)).toHaveAttribute('aria-expanded', 'false');
    await shop.open();
    await shop.send(say.first);
    await shop.expectMessage(say.first, /sent|delivered/);

    // The desk hears of it: the counter, the blinking icon, the title.
    await expect(desk.tab('waiting', 1)).toBeVisible();
    await expect(desk.icon).toHaveAttribute('data-blinking', 'true');
    await expect(desk.page).toHaveTitle(`(1) ${desk.words.chatsTitle} · Damso`);
    await expect(desk.rows.first()).toContainText(say.first);

    // Looking does not start it.
    await desk.openRow();
    await desk.expectMessage(say.first, 'received');
    await expect(desk.page.getByRole('heading', { name: say.code })).toBeVisible();
    await expect(desk.startButton).toBeVisible();
    await expect(desk.tab('waiting', 1)).toBeVisible();
    await expect(desk.tab('active', 0)).toBeVisible();
    await expect(desk.icon).not.toHaveAttribute('data-blinking');
    await expect(shop.message(say.first)).toHaveAttribute('data-state', 'seen');

    await desk.startButton.click();
    await expect(desk.tab('active', 1)).toBeVisible();
    await expect(desk.tab('waiting', 0)).toBeVisible();
    await expect(desk.page).toHaveTitle(`${desk.words.chatsTitle} · Damso`);
    await expect(desk.startButton).toBeHidden();

    // Typing, both ways.
    await shop.field.pressSequentially('...');
    await expect(desk.page.getByText(`· ${desk.words.customerTyping}`)).toBeVisible();
    await desk.field.pressSequentially('...');
    await expect(shop.root.getByText(shop.words.agentTyping)).toBeVisible();

    // Both write; what was read says so.
    await desk.send(say.reply);
    await shop.expectMessage(say.reply, 'received');
    await expect(shop.root.getByText(shop.words.agentTyping)).toBeHidden();
    await desk.expectMessage(say.reply, 'seen');
    await expect(desk.log.getByText(desk.words.seen)).toBeVisible();
    await shop.send(say.more, 'button');
    await desk.expectMessage(say.more, 'received');
    await shop.expectMessage(say.more, 'seen');
    await expect(shop.log.getByText(shop.words.seen)).toBeVisible();
    await desk.send(say.last, 'button');
    await shop.expectMessage(say.last);

    const both = [say.first, say.reply, say.more, say.last];
    expect(await shop.texts()).toEqual(both);
    expect(await desk.texts()).toEqual(both);
    expect((await shop.shown()).map((m) => m.seq)).toEqual((await desk.shown()).map((m) => m.seq));

    // 대화 종료 asks; no means no.
    await shop.endButton.click();
    const question = shop.root.getByRole('dialog');
    await question.getByRole('button', { name: shop.words.cancel }).click();
    await expect(question).toBeHidden();
    await expect(shop.endButton).toBeVisible();
    await shop.end();
    await expect(shop.root.getByText(say.youEnded)).toBeVisible();
    await expect(shop.endButton).toBeHidden();

    // The chat is the agent's until the agent ends it, too.
    await expect(desk.tab('active', 1)).toBeVisible();
    await expect(desk.field).toBeDisabled();
    await desk.end();
    await expect(desk.tab('active', 0)).toBeVisible();
    await expect(desk.page).toHaveURL(/\/console(\?|$)/);
  });

  test(`the first reply starts, the agent ends, the customer begins anew (${lang})`, async ({ server, page, person }) => {
    const shop = await openShop(page, server.origin, '/demo/shop', lang);
    await shop.open();
    await shop.send(say.first);
    await shop.expectMessage(say.first, 'sent');

    const desk = await signIn(await person(), server.origin, 'agent1', lang);
    await desk.openRow();
    await desk.send(say.reply);
    await expect(desk.tab('active', 1)).toBeVisible();
    await shop.expectMessage(say.reply);
    await desk.end();
    await expect(desk.tab('active', 0)).toBeVisible();
    await expect(shop.root.getByText(say.ended).first()).toBeVisible();

    // The next word opens another chat.
    await shop.again();
    await expect(shop.field).toBeFocused();
    await shop.send(say.more);
    await shop.expectMessage(say.more, /sent|delivered/);
    await desk.tab('waiting', 1).click();
    await desk.openRow();
    await desk.expectMessage(say.more);
    expect(await desk.texts()).toEqual([say.more]);
  });
}

test('?lang=en overrides, the account page sets the language', async ({ server, page }) => {
  await signIn(page, server.origin, 'agent1', 'en');
  await page.goto(`${server.origin}/console`);
  await expect(page.getByRole('tab', { name: /^대기/ })).toBeVisible();
  await page.goto(`${server.origin}/account`);
  await page.getByRole('radio', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'My account' })).toBeVisible();
  await page.goto(`${server.origin}/console`);
  await expect(page.getByRole('tab', { name: /^Waiting/ })).toBeVisible();
  await page.goto(`${server.origin}/console?lang=ko`);
  await expect(page.getByRole('tab', { name: /^대기/ })).toBeVisible();
});
