// A walk past everything that people see, in one language, size and colour scheme.
import { expect, type Browser, type BrowserContextOptions, type Frame, type Page } from '@playwright/test';
import { Colleague, Visitor } from './api';
import { openShop, signIn } from './pages';
import { Server } from './server';
import { watch } from './watch';
import { WORDS, type Lang } from './words';

export type Sight = {
  name: string;
  page: Page;
  /** The widget's frame, where that is what is looked at. */
  frame?: Frame;
  /** Of the page only this part is ours. */
  part?: string;
};

const SAY = {
  ko: ['배송이 아직 안 왔어요', '주문번호는 20261121-8821 이에요. 어제 온다고 했는데 조회해 보면 아직 옥천 허브에 있다고만 나와요.', '확인해 보겠습니다', '운송장을 보니 내일 도착합니다. https://shop.example/track/8821', '감사합니다!'],
  en: ['My parcel has not arrived', 'The order number is 20261121-8821. It was due yesterday, but the tracking page still says that it is at the hub in Okcheon.', 'Let me look into it', 'According to the tracking number it comes tomorrow. https://shop.example/track/8821', 'Thank you!'],
};

/** Calls `see` at each sight. Answers what the browsers complained about. */
export async function walk(browser: Browser, options: BrowserContextOptions, lang: Lang, see: (sight: Sight) => Promise<void>): Promise<string[]> {
  const words = WORDS[lang];
  const say = SAY[lang];
  const [server, bare] = [await Server.start(), await Server.start({ bare: true })];
  const locale = lang === 'ko' ? 'ko-KR' : 'en-US';
  const agents = await browser.newContext({ ...options, locale });
  const customers = await browser.newContext({ ...options, locale });
  const [agent, customer] = [await agents.newPage(), await customers.newPage()];
  const complaints = [await watch(agent), await watch(customer)];
  const q = `?lang=${lang}`;
  const frameOf = (page: Page): Frame => page.frames().find((frame) => frame.url().includes('frame=1'))!;
  try {
    // Before anybody is signed in.
    await agent.goto(`${bare.origin}/setup${q}`);
    await expect(agent.getByRole('heading', { level: 1 })).toBeVisible();
    await see({ name: 'setup', page: agent });
    await agent.locator('form button[type=submit]').click();
    await expect(agent.locator('[aria-invalid=true]').first()).toBeVisible();
    await see({ name: 'setup-refused', page: agent });
    await agent.goto(`${server.origin}/login${q}`);
    await see({ name: 'login', page: agent });
    await agent.getByLabel(words.email, { exact: true }).fill('agent1@example.com');
    await agent.getByLabel(words.password, { exact: true }).fill('not-the-password');
    await agent.getByRole('button', { name: words.signIn, exact: true }).click();
    await expect(agent.getByRole('alert')).toContainText(words.wrongCredentials);
    await see({ name: 'login-refused', page: agent });
    // The refusal is an answer of status 401, which the console tells as well.
    complaints[0].splice(0);

    const desk = await signIn(agent, server.origin, 'agent1', lang);
    await see({ name: 'console-new', page: agent });
    await agent.getByRole('button', { name: words.goOnline }).click();
    await expect(agent.getByRole('button', { name: words.goOnline })).toBeHidden();
    await agent.goto(`${server.origin}/account${q}`);
    await expect(agent.getByRole('heading', { level: 1 })).toBeVisible();
    await see({ name: 'account', page: agent });
    await agent.goto(`${server.origin}/console${q}`);
    await desk.connected();

    // The customer comes.
    const shop = await openShop(customer, server.origin, '/demo/shop', lang);
    await see({ name: 'shop', page: customer, part: 'damso-chat' });
    await shop.approach();
    await expect(shop.agree).toBeVisible();
    await see({ name: 'widget-door', page: customer, frame: frameOf(customer) });
    await shop.ready();
    await see({ name: 'widget-new', page: customer, frame: frameOf(customer) });
    await shop.send(say[0]);
    await shop.expectMessage(say[0]);
    await see({ name: 'widget-waiting', page: customer, frame: frameOf(customer) });
    await (await Visitor.arrive(server.origin)).say(say[4]);
    await expect(desk.tab('waiting', 2)).toBeVisible();
    await expect(desk.rows).toHaveCount(2);
    await see({ name: 'console-waiting', page: agent });
    await desk.rows.filter({ hasText: say[0] }).getByRole('link').click();
    await desk.expectMessage(say[0]);
    await see({ name: 'console-looking', page: agent });

    // They talk.
    await desk.startButton.click();
    await expect(desk.startButton).toBeHidden();
    await shop.send(say[1]);
    await desk.send(say[2]);
    await desk.send(say[3]);
    await shop.expectMessage(say[3].slice(0, 12));
    await shop.send(say[4]);
    await desk.expectMessage(say[4]);
    await shop.expectMessage(say[4], 'seen');
    await desk.field.pressSequentially('...');
    await shop.field.pressSequentially('...');
    await expect(shop.root.getByText(words.agentTyping)).toBeVisible();
    await expect(agent.getByText(`· ${words.customerTyping}`)).toBeVisible();
    await see({ name: 'console-active', page: agent });
    await see({ name: 'widget-active', page: customer, frame: frameOf(customer) });
    await shop.field.fill('');
    await desk.field.fill('');

    // Lines go down.
    await agents.setOffline(true);
    await customers.setOffline(true);
    await desk.send(say[2]);
    await shop.send(say[0]);
    await expect(shop.root.getByText(words.offline)).toBeVisible();
    await expect(agent.locator('.banner.trouble')).toBeVisible();
    await see({ name: 'console-offline', page: agent });
    await see({ name: 'widget-offline', page: customer, frame: frameOf(customer) });
    await agents.setOffline(false);
    await customers.setOffline(false);
    await desk.connected();
    await expect(shop.root.getByText(words.offline)).toBeHidden();
    await expect.poll(async () => [...(await shop.shown()), ...(await desk.shown())].filter((m) => m.seq === null).length).toBe(0);
    // Requests without a network are told by the browser's console.
    for (const list of complaints) list.splice(0, list.length, ...list.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text)));

    // The launcher counts, the customer ends, the agent ends.
    await shop.closeButton.click();
    await desk.send(say[2]);
    await expect(shop.launcher).toHaveAccessibleName(/1/);
    await see({ name: 'shop-news', page: customer, part: 'damso-chat' });
    await shop.launcher.click();
    await shop.endButton.click();
    await expect(shop.root.getByRole('dialog')).toBeVisible();
    await see({ name: 'widget-end', page: customer, frame: frameOf(customer) });
    await shop.root.getByRole('dialog').getByRole('button', { name: words.endChat, exact: true }).click();
    await expect(shop.endButton).toBeHidden();
    await see({ name: 'widget-ended', page: customer, frame: frameOf(customer) });
    await expect(desk.field).toBeDisabled();
    await see({ name: 'console-customer-ended', page: agent });
    await desk.endButton.click();
    await expect(agent.getByRole('dialog')).toBeVisible();
    await see({ name: 'console-end', page: agent });
    await agent.getByRole('dialog').getByRole('button', { name: words.endChat, exact: true }).click();
    await expect(desk.tab('active', 0)).toBeVisible();
    await see({ name: 'console-ended', page: agent });

    // The page by itself, a chat that another has, an address without a page.
    await customer.goto(`${server.origin}/w/demo${q}`);
    await see({ name: 'alone', page: customer });
    const colleague = await Colleague.signIn(server.origin, 'agent2');
    const taken = await colleague.waiting();
    await colleague.start(taken);
    await agent.goto(`${server.origin}/console/${taken}${q}`);
    await desk.connected();
    await see({ name: 'console-taken', page: agent });
    complaints[0].splice(0, complaints[0].length, ...complaints[0].filter((text) => !/404.*(chats\/thread|panel\/load)/.test(text)));
    await agent.goto(`${server.origin}/nowhere${q}`);
    await see({ name: 'nowhere', page: agent });
    complaints[0].splice(0, complaints[0].length, ...complaints[0].filter((text) => !/nowhere/.test(text)));

    // What customers and their shops' developers read by themselves.
    for (const [name, address] of [['help', '/help/demo'], ['help-inquiry', '/help/demo/inquiry'], ['help-inquiries', '/help/demo/inquiries'], ['developers', '/developers']]) {
      await customer.goto(`${server.origin}${address}${q}`);
      await see({ name, page: customer });
    }
    await agent.goto(`${server.origin}/try/demo${q}`);
    await see({ name: 'try', page: agent });

    // A frame that does not answer.
    await customer.route(/\/w\/demo\?frame=1/, () => {});
    await customer.goto(`${server.origin}/demo/strict`);
    // The panel was left open, so it opens by itself; not on a phone.
    await expect(shop.launcher).toBeAttached();
    if ((await shop.launcher.getAttribute('aria-expanded')) === 'false') await shop.launcher.click();
    await expect(shop.host.getByRole('alert')).toContainText(words.cannotConnect);
    await see({ name: 'widget-unreachable', page: customer, part: 'damso-chat' });
    return complaints.flat();
  } finally {
    await agents.close();
    await customers.close();
    await server.dispose();
    await bare.dispose();
  }
}
