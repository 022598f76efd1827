// The two surfaces as people use them, by roles and names.
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { WORDS, type Lang } from './words';

/** A message as a screen shows it. */
export type Shown = { seq: number | null; text: string; state: string };

/** What people wrote, as a selector: every chat begins with its start (1) and the greeting (2). */
export const WRITTEN = '[data-state]:not([data-seq="2"])';

/** The messages of a `role="log"`, in the order of the screen; not the greeting. */
export async function readLog(log: Locator): Promise<Shown[]> {
  return log.locator(WRITTEN).evaluateAll((all) => {
    const text = (e: Element) => {
      const copy = e.cloneNode(true) as Element;
      copy.querySelectorAll('br').forEach((br) => br.replaceWith('\n'));
      return copy.textContent ?? '';
    };
    return all.map((e) => {
      const { seq, state } = (e as HTMLElement).dataset;
      return { seq: seq ? Number(seq) : null, text: text(e), state: state ?? '' };
    });
  });
}

/** What both surfaces have: a log and a place to write. */
export class Conversation {
  readonly words;
  readonly log: Locator;
  readonly field: Locator;
  readonly sendButton: Locator;

  constructor(readonly page: Page, readonly root: Page | FrameLocator, readonly lang: Lang) {
    this.words = WORDS[lang];
    this.log = root.getByRole('log');
    this.field = root.getByRole('textbox', { name: this.words.message, exact: true });
    this.sendButton = root.getByRole('button', { name: this.words.send, exact: true });
  }

  /** Writes and sends, by Enter or by the button. */
  async send(text: string, by: 'enter' | 'button' = 'enter'): Promise<void> {
    await this.field.fill(text);
    if (by === 'enter') await this.field.press('Enter');
    else await this.sendButton.click();
    await expect(this.field).toHaveValue('');
  }

  message(text: string): Locator {
    return this.log.locator(WRITTEN).filter({ hasText: text });
  }

  async expectMessage(text: string, state?: string | RegExp): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    if (state) await expect(this.message(text)).toHaveAttribute('data-state', state);
  }

  async shown(): Promise<Shown[]> {
    return readLog(this.log);
  }

  async texts(): Promise<string[]> {
    return (await this.shown()).map((m) => m.text);
  }
}

/** The customer's side on a shop page. */
export class Shop extends Conversation {
  readonly host: Locator;
  readonly launcher: Locator;
  readonly panel: Locator;
  readonly endButton: Locator;
  readonly closeButton: Locator;
  /** 동의하고 상담 시작 */
  readonly agree: Locator;
  readonly newChat: Locator;
  readonly door: Locator;

  constructor(page: Page, lang: Lang = 'ko') {
    super(page, page.frameLocator('damso-chat iframe'), lang);
    this.host = page.locator('damso-chat');
    this.launcher = this.host.locator('button.launcher');
    this.panel = this.host.getByRole('dialog');
    this.endButton = this.root.getByRole('button', { name: this.words.endChat, exact: true });
    this.agree = this.root.getByRole('button', { name: this.words.agree, exact: true });
    this.newChat = this.root.getByRole('link', { name: this.words.newChat, exact: true });
    this.door = this.root.locator('#damso-front');
    this.closeButton = this.root.getByRole('button', { name: this.words.closeChat, exact: true });
  }

  /** The button by its name, as a visitor finds it. */
  launcherNamed(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Opens the panel and, at the front door, agrees and starts. */
  async open(): Promise<void> {
    await this.approach();
    await this.ready();
  }

  /** Opens the panel. */
  async approach(): Promise<void> {
    await this.launcherNamed(new RegExp(`^${this.words.openChat}`)).click();
  }

  /** 새 상담 시작, and through the front door again. */
  async again(): Promise<void> {
    await this.newChat.click();
    await expect(this.agree).toBeVisible();
    await this.enter();
  }

  /** Goes through the front door, if it is what is shown. */
  async enter(): Promise<void> {
    // One of both, once the style has come.
    await expect(this.field.or(this.agree).filter({ visible: true })).toHaveCount(1);
    if (await this.agree.isVisible()) await this.agree.click();
    await expect(this.field).toBeVisible();
  }

  /** Through the front door, and the frame's module has taken over. */
  async ready(): Promise<void> {
    await this.enter();
    await this.alive();
  }

  async alive(): Promise<void> {
    await expect.poll(() => this.isAlive(), { message: 'the widget is hydrated' }).toBe(true);
  }

  async isAlive(): Promise<boolean> {
    return this.root
      .locator('html')
      .evaluate(() => !!(window as any).damsoFrame?.on, undefined, { timeout: 5_000 })
      .catch(() => false);
  }

  /** 상태 on the rail, by its radio group. */
  async is(status: 'online' | 'break' | 'offline'): Promise<void> {
    const set = this.page.waitForResponse('**/api/presence/set');
    await this.page.getByRole('button', { name: new RegExp(`^${this.words.status}: `) }).click();
    await this.page.getByRole('radiogroup').locator(`[data-status=${status}]`).click();
    expect((await set).ok()).toBe(true);
  }

  async end(): Promise<void> {
    await this.endButton.click();
    const dialog = this.root.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await dialog.getByRole('button', { name: this.words.endChat, exact: true }).click();
    await expect(dialog).toBeHidden();
  }
}

/** Opens a page of the shop. The widget speaks the page's language or that of `lang`. */
export async function openShop(page: Page, origin: string, path = '/demo/shop', lang: Lang = 'ko'): Promise<Shop> {
  if (lang === 'en') {
    // The shop is Korean; a site chooses the language by one line of its own.
    await page.addInitScript(() => {
      (window as any).damso = Object.assign(
        function (...args: unknown[]) {
          ((window as any).damso.q ||= []).push(args);
        },
        { q: [['locale', 'en']] as unknown[][] },
      );
    });
  }
  await page.goto(origin + path);
  const shop = new Shop(page, lang);
  await expect(shop.launcher).toBeVisible();
  return shop;
}

/** The agent's side. */
export class Desk extends Conversation {
  readonly startButton: Locator;
  readonly endButton: Locator;
  readonly icon: Locator;
  readonly rows: Locator;

  constructor(page: Page, lang: Lang = 'ko') {
    super(page, page, lang);
    this.startButton = page.getByRole('button', { name: this.words.startChat, exact: true });
    this.endButton = page.getByRole('main').getByRole('button', { name: this.words.endChat, exact: true });
    this.icon = page.locator('.chat-icon');
    this.rows = page.getByRole('tabpanel').getByRole('listitem');
  }

  tab(which: 'waiting' | 'active' | 'held', count?: number): Locator {
    const name = this.words[which];
    return this.page.getByRole('tab', count === undefined ? { name: new RegExp(`^${name}`) } : { name: `${name} ${count}`, exact: true });
  }

  /** The line to the server is up, thus the page is alive. */
  async connected(timeout = 20_000): Promise<void> {
    await expect(this.page.getByText(this.words.connected, { exact: true })).toBeAttached({ timeout });
  }

  /** A button of the console, by its name. */
  button(name: string): Locator {
    return this.page.getByRole('main').getByRole('button', { name, exact: true });
  }

  /** Chooses an act of the menu beside 상담 시작 or 대화 종료. */
  async more(act: string): Promise<void> {
    await this.button(this.words.more).click();
    await this.page.getByRole('menuitem', { name: act, exact: true }).click();
  }

  /** Gives the chat to somebody or something by that act, and waits until it is done. */
  async give(act: string, to: string | RegExp, { note, go = act }: { note?: string; go?: string } = {}): Promise<void> {
    await this.more(act);
    const dialog = this.page.getByRole('dialog', { name: act });
    await dialog.getByRole('radio', { name: to }).check();
    if (note) await dialog.getByRole('textbox').fill(note);
    await dialog.getByRole('button', { name: go, exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  /** The chat that is open. */
  get chat(): string {
    return new URL(this.page.url()).pathname.split('/').pop()!;
  }

  /** Opens a chat of a list. */
  async openChat(which: 'waiting' | 'active' | 'held', chat: string): Promise<void> {
    await this.tab(which).click();
    await this.rows.locator(`a[href*="${chat}"]`).click();
    await expect(this.page).toHaveURL(new RegExp(`/console/${chat}`));
    await expect(this.log).toBeVisible();
  }

  /** The chats of a list, in its order. */
  async listed(which: 'waiting' | 'active' | 'held'): Promise<string[]> {
    await this.tab(which).click();
    await expect(this.tab(which)).toHaveAttribute('aria-selected', 'true');
    return this.rows.getByRole('link').evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).pathname.split('/').pop()!));
  }

  /** Opens the only, or the n-th, chat of the list in front. */
  async openRow(n = 0): Promise<void> {
    await this.rows.nth(n).getByRole('link').click();
    await expect(this.log).toBeVisible();
  }

  /** 상태 on the rail, by its radio group. */
  async is(status: 'online' | 'break' | 'offline'): Promise<void> {
    const set = this.page.waitForResponse('**/api/presence/set');
    await this.page.getByRole('button', { name: new RegExp(`^${this.words.status}: `) }).click();
    await this.page.getByRole('radiogroup').locator(`[data-status=${status}]`).click();
    expect((await set).ok()).toBe(true);
  }

  async end(): Promise<void> {
    await this.endButton.click();
    const dialog = this.page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await dialog.getByRole('button', { name: this.words.endChat, exact: true }).click();
    await expect(dialog).toBeHidden();
  }
}

/** Signs in through the form and waits for the console. */
export async function signIn(page: Page, origin: string, who = 'agent1', lang: Lang = 'ko', path = '/console'): Promise<Desk> {
  const query = lang === 'en' ? '?lang=en' : '';
  const words = WORDS[lang];
  await page.goto(`${origin}/login?next=${encodeURIComponent(path + query)}${lang === 'en' ? '&lang=en' : ''}`);
  await page.getByLabel(words.email, { exact: true }).fill(`${who}@example.com`);
  await page.getByLabel(words.password, { exact: true }).fill('damso-demo');
  await page.getByRole('button', { name: words.signIn, exact: true }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/console') || url.pathname === '/account');
  const desk = new Desk(page, lang);
  await desk.connected();
  return desk;
}
