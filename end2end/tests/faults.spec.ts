// The promise (SECURITY §1): what was typed is stored once, in order, and reaches both
// screens, whatever dies in between.
//
// 100 messages from each side are typed into the real pages while a proxy tears the
// connections and the server dies again and again: before a commit, between commit and
// wake, between wake and answer, and by kill -9 at any moment. Then the history checker
// compares what was typed, what is stored and what both screens showed, at the end and at
// every moment before.
//
// Tunable: DAMSO_MESSAGES (per side), DAMSO_KILLS, DAMSO_SEED.
//
// That the test can fail is seen by taking away what keeps the promise; the checker must
// then report losses or doubles:
//
//   DAMSO_BREAK=outbox npx playwright test faults --grep SQLite      (what waits is not kept over a reload)
//   DAMSO_BREAK=unique npx playwright test faults --grep PostgreSQL  (the database forgets client ids)
import { writeFileSync } from 'node:fs';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { tunable } from '../support/env';
import { check, readStored, Recorder, type Row, type Sender } from '../support/history';
import { openShop, signIn, type Conversation, type Desk, type Shop } from '../support/pages';
import { freePort } from '../support/ports';
import { createDatabase, dropDatabase, psql } from '../support/postgres';
import { Proxy } from '../support/proxy';
import { Random } from '../support/random';
import { Server } from '../support/server';

const MESSAGES = tunable('DAMSO_MESSAGES', 100);
const KILLS = tunable('DAMSO_KILLS', 20);
const SEED = tunable('DAMSO_SEED', Math.floor(Math.random() * 1_000_000));
const BREAK = process.env.DAMSO_BREAK;

/** Where a server may die while it stores a message; '' is kill -9. */
const DEATHS = ['log-before-commit', 'log-after-commit', 'log-after-wake', ''];

test.describe.configure({ mode: 'default', timeout: 60_000 + KILLS * 20_000 });

for (const database of ['SQLite', 'PostgreSQL']) {
  test(`nothing is lost, doubled or reordered while the server dies ${KILLS} times (${database})`, async ({ browser }) => {
    const random = new Random(SEED);
    const url = database === 'PostgreSQL' ? createDatabase() : undefined;
    const [port, doorPort] = [await freePort(), await freePort()];
    const door = await Proxy.start(doorPort, port);
    const server = await Server.start({ port, env: { PUBLIC_URL: door.origin, ...(url && { DATABASE_URL: url }) } });
    if (BREAK === 'unique') {
      psql(url!, `CREATE FUNCTION forget() RETURNS trigger AS 'BEGIN NEW.client_id := NULL; RETURN NEW; END' LANGUAGE plpgsql;
                  CREATE TRIGGER forget BEFORE INSERT ON chat_event FOR EACH ROW EXECUTE FUNCTION forget()`);
    }
    const contexts = { customer: await browser.newContext(), agent: await browser.newContext() };
    const recorders = { customer: new Recorder('customer'), agent: new Recorder('agent') };
    for (const who of ['customer', 'agent'] as Sender[]) {
      await recorders[who].watch(contexts[who]);
      if (BREAK === 'outbox') await forgetOutbox(contexts[who]);
    }
    const run = new Run(server, door, random, recorders);
    try {
      await run.story(contexts, await contexts.customer.newPage(), await contexts.agent.newPage());
    } finally {
      console.log(`  ${database}, seed ${SEED}: ${run.summary()}`);
      await contexts.customer.close();
      await contexts.agent.close();
      await door.dispose();
      await server.dispose();
      if (url) dropDatabase(url);
    }
  });
}

/** What waits to be sent is gone with each new page, as if it had never been kept. */
async function forgetOutbox(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith('damso-outbox:')) localStorage.removeItem(key);
  });
}

class Run {
  /** Presses until the request has come through the door that tears lines. */
  private async agree(shop: Shop): Promise<void> {
    const lives = this.server.lives;
    await expect(async () => {
      if (this.server.running && this.server.lives === lives) await shop.agree.click({ timeout: 1_000 });
      await expect.poll(() => this.server.running, { timeout: 3_000 }).toBe(false);
    }).toPass({ timeout: 40_000 });
  }

  readonly typed: Record<Sender, string[]> = { customer: [], agent: [] };
  readonly deaths: Record<string, number> = {};
  reloads = 0;
  flaps = 0;
  restarts = 0;
  private typing = true;
  /** How many messages each side may have typed by now. */
  private allowed = 0;
  private more: () => void = () => {};
  private moreAllowed!: Promise<void>;

  constructor(private readonly server: Server, private readonly door: Proxy, private readonly random: Random, private readonly recorders: Record<Sender, Recorder>) {
    this.allow(0);
  }

  get kills(): number {
    return Object.values(this.deaths).reduce((sum, n) => sum + n, 0);
  }

  summary(): string {
    const { connections, cut, midFrame, halfOpen, slow } = this.door.counts;
    const deaths = Object.entries(this.deaths).map(([how, n]) => `${how} ${n}`).join(', ');
    return (
      `${this.typed.customer.length} + ${this.typed.agent.length} messages typed, server died ${this.kills} times (${deaths}) and ended politely ${this.restarts} times, ` +
      `${cut} lines cut, ${midFrame} cut mid-frame, ${halfOpen} half open, ${slow} slowed of ${connections}, ${this.reloads} reloads, ${this.flaps} network flaps, ` +
      `${this.recorders.customer.snapshots.length} + ${this.recorders.agent.snapshots.length} screens recorded`
    );
  }

  async story(contexts: Record<Sender, BrowserContext>, customerPage: Page, agentPage: Page): Promise<void> {
    const origin = this.door.origin;
    const shop = await openShop(customerPage, origin);
    await shop.approach();
    await expect(shop.agree).toBeVisible();
    await shop.alive();
    const desk = await signIn(agentPage, origin);

    // The customer begins: the server dies before the commit, then after it.
    await this.reboot({ FAILPOINTS: 'change-before-commit=return' });
    await this.agree(shop);
    await this.died('change-before-commit');
    await expect(shop.door.getByRole('alert')).not.toBeEmpty();
    await this.server.boot({ FAILPOINTS: 'change-after-commit=return' });
    await this.agree(shop);
    await this.died('change-after-commit');
    await this.server.boot();
    // It was begun: the customer learns so without pressing again, and there is one chat.
    await expect(shop.field).toBeVisible({ timeout: 40_000 });
    await this.type(shop, 'customer', 0);
    await expect(shop.message('customer 0').first()).toHaveAttribute('data-state', /sent|delivered/, { timeout: 40_000 });

    // 상담 시작 the same way.
    await expect(desk.tab('waiting', 1)).toBeVisible({ timeout: 40_000 });
    await desk.openRow();
    await expect(desk.startButton).toBeVisible();
    await this.reboot({ FAILPOINTS: 'change-before-commit=return' });
    await desk.startButton.click();
    await this.died('change-before-commit');
    await this.server.boot({ FAILPOINTS: 'change-after-commit=return' });
    await expect(desk.startButton).toBeEnabled();
    await desk.startButton.click();
    await this.died('change-after-commit');
    await this.server.boot();
    // It was started: the agent learns so without pressing again.
    await expect(desk.tab('active', 1)).toBeVisible({ timeout: 40_000 });
    const chat = new URL(agentPage.url()).pathname.split('/').pop()!;

    // The storm.
    const started = this.kills;
    const storm = Promise.all([this.reaper(started), this.mischief(), this.flap(contexts)]);
    const typists = Promise.all([this.typist(shop, 'customer', () => this.reloadShop(shop)), this.typist(desk, 'agent', () => this.reloadDesk(desk))]);
    await Promise.all([typists.then(() => (this.typing = false)), storm]);

    // Calm: everything arrives by itself.
    for (const context of Object.values(contexts)) await context.setOffline(false);
    const count = this.typed.customer.length + this.typed.agent.length;
    const settle = async (side: Conversation) => {
      await expect
        .poll(() => side.shown().then((all) => all.filter((m) => m.seq === null).length), { timeout: 60_000, message: 'everything typed has left', intervals: [500] })
        .toBe(0);
    };
    await settle(shop);
    await settle(desk);
    const stored = await readStored(agentPage, origin, chat);
    const last = stored.filter((e) => e.kind === 'message').at(-1)!;
    for (const side of [shop, desk]) await expect(side.log.locator(`[data-seq="${last.public}"]`).first()).toBeAttached({ timeout: 60_000 });

    // What stands on the live screens now is the end of the log; after a reload and with
    // everything older it is the whole log.
    const live = { customer: await rows(shop), agent: await rows(desk) };
    await this.reloadShop(shop);
    await this.reloadDesk(desk);
    await wholeLog(shop);
    await wholeLog(desk);
    const screens = [
      { who: 'customer' as Sender, rows: await rows(shop) },
      { who: 'agent' as Sender, rows: await rows(desk) },
    ];
    const wrong = check(this.typed, stored, screens, Object.values(this.recorders));
    for (const { who, rows: whole } of screens) {
      const n = live[who].length;
      if (n === 0 || JSON.stringify(live[who]) !== JSON.stringify(whole.slice(-n))) wrong.push(`the ${who}'s live screen is not the end of the log: ${JSON.stringify(live[who].slice(-3))}`);
    }
    const failed = [...(await shop.shown()), ...(await desk.shown())].filter((m) => m.state === 'failed');
    if (failed.length > 0) wrong.push(`refused: ${JSON.stringify(failed.slice(0, 3))}`);
    if (wrong.length > 0) writeFileSync(test.info().outputPath('history.json'), JSON.stringify({ typed: this.typed, stored, screens, recorded: Object.values(this.recorders) }));
    expect(wrong.slice(0, 20), `${wrong.length} faults in the history; server log:\n${this.server.log.slice(-1_500)}`).toEqual([]);
    expect(stored.filter((e) => e.kind === 'message')).toHaveLength(count);
    expect(this.kills).toBeGreaterThanOrEqual(KILLS);

    // Both ends, through the other places where a change may die.
    await this.reboot({ FAILPOINTS: 'change-after-wake=return' });
    await shop.endButton.click();
    await shop.root.getByRole('dialog').getByRole('button', { name: shop.words.endChat, exact: true }).click();
    await this.died('change-after-wake');
    await this.server.boot({ FAILPOINTS: 'change-before-commit=return' });
    await expect(desk.field).toBeDisabled({ timeout: 40_000 });
    await expect(shop.endButton).toBeHidden({ timeout: 40_000 });
    await desk.endButton.click();
    const yes = agentPage.getByRole('dialog').getByRole('button', { name: desk.words.endChat, exact: true });
    await yes.click();
    await this.died('change-before-commit');
    await this.server.boot({ FAILPOINTS: 'change-after-wake=return' });
    if (!(await yes.isVisible())) await desk.endButton.click();
    await expect(yes).toBeEnabled();
    await yes.click();
    await this.died('change-after-wake');
    await this.server.boot();
    await expect(desk.tab('active', 0)).toBeVisible({ timeout: 40_000 });
    const ends = (await readStored(agentPage, origin, chat)).slice(stored.length).map((e) => e.kind);
    expect(ends).toEqual(['customer_ended', 'ended']);
  }

  // ---- the server's lives ----

  private async reboot(env: Record<string, string>): Promise<void> {
    await this.server.kill();
    await this.server.boot(env);
  }

  private async died(how: string): Promise<void> {
    const late = new Promise<never>((_, no) => setTimeout(no, 40_000, new Error(`the server did not die at ${how} (is it built with --features failpoints?)`)).unref());
    const { signal } = await Promise.race([this.server.exit(), late]);
    expect(signal, `died at ${how}: ${this.server.log.slice(-500)}`).toBe('SIGABRT');
    this.deaths[how] = (this.deaths[how] ?? 0) + 1;
  }

  /** Gives the server one life after another, each with its own end. */
  private async reaper(before: number): Promise<void> {
    const lives = Math.max(KILLS - before, 1);
    for (let life = 0; life < lives; life += 1) {
      const place = DEATHS[life % DEATHS.length];
      // Not at the first message of each life, but somewhere among them.
      const env = place ? { FAILPOINTS: `${place}=${this.random.between(1, 5)}*off->return` } : {};
      await this.reboot(env);
      this.allow(Math.ceil(((life + 1) * (MESSAGES - 1)) / lives) + 1);
      if (place) {
        const patience = sleep(15_000).then(() => 'late');
        if ((await Promise.race([this.server.exit(), patience])) === 'late') {
          await this.server.kill();
          this.count('kill -9');
        } else {
          this.count(place);
        }
      } else {
        await sleep(this.random.between(200, 6_000));
        await this.server.kill();
        this.count('kill -9');
      }
      // Sometimes a new version goes out, too.
      if (life % 8 === 5) {
        await this.server.boot();
        await sleep(this.random.between(300, 1_500));
        await this.server.stop();
        this.restarts += 1;
      }
      await sleep(this.random.between(0, 1_000));
    }
    await this.server.boot();
    this.allow(MESSAGES);
  }

  private count(how: string): void {
    this.deaths[how] = (this.deaths[how] ?? 0) + 1;
  }

  // ---- the network ----

  private async mischief(): Promise<void> {
    while (this.typing) {
      await sleep(this.random.between(300, 2_500));
      this.door.mischief(this.random);
    }
  }

  private async flap(contexts: Record<Sender, BrowserContext>): Promise<void> {
    while (this.typing) {
      await sleep(this.random.between(4_000, 9_000));
      const context = contexts[this.random.pick(['customer', 'agent'] as const)];
      await context.setOffline(true);
      await sleep(this.random.between(50, 1_500));
      await context.setOffline(false);
      this.flaps += 1;
    }
  }

  // ---- the people ----

  private allow(count: number): void {
    this.allowed = count;
    this.more();
    this.moreAllowed = new Promise((resolve) => (this.more = resolve));
  }

  private async type(side: Conversation, who: Sender, n: number): Promise<void> {
    const text = `${who} ${n}`;
    await side.send(text, this.random.chance(0.7) ? 'enter' : 'button');
    this.typed[who].push(text);
  }

  private async typist(side: Conversation, who: Sender, reload: () => Promise<void>): Promise<void> {
    const from = this.typed[who].length;
    const reloadEvery = Math.max(Math.floor(MESSAGES / 6), 2);
    let reloadAt = reloadEvery;
    for (let n = from; n < MESSAGES; n += 1) {
      while (n >= this.allowed) await this.moreAllowed;
      await this.type(side, who, n);
      // Somebody reloads now and then, best while something is still on its way.
      if (n >= reloadAt && (await side.shown()).some((m) => m.seq === null)) {
        await reload();
        this.reloads += 1;
        reloadAt = n + reloadEvery;
      }
      await sleep(this.random.between(20, 400));
    }
  }

  /** Loads the shop again until the widget works. */
  private async reloadShop(shop: Shop): Promise<void> {
    await persist(async () => {
      await shop.page.goto(`${this.door.origin}/demo/shop`, { timeout: 8_000 });
      await expect(shop.launcher).toBeAttached({ timeout: 4_000 });
      await expect.poll(() => shop.isAlive(), { timeout: 8_000 }).toBe(true);
      await expect(shop.field).toBeVisible({ timeout: 2_000 });
    });
  }

  private async reloadDesk(desk: Desk): Promise<void> {
    const address = desk.page.url();
    await persist(async () => {
      await desk.page.goto(address, { timeout: 8_000 });
      expect(new URL(desk.page.url()).pathname, 'nobody is signed out').toBe(new URL(address).pathname);
      await desk.connected(8_000);
      await expect(desk.field).toBeVisible({ timeout: 4_000 });
    });
  }
}

/** Tries again until it works, for at most a minute. */
async function persist(act: () => Promise<void>): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(300);
    }
  }
}

async function rows(side: Conversation): Promise<Row[]> {
  return (await side.shown()).map((m) => [m.seq ?? 0, m.text]);
}

/** Loads older messages until there are none. */
async function wholeLog(side: Conversation): Promise<void> {
  const button = side.log.getByRole('button', { name: side.words.earlier });
  await expect(async () => {
    if (await button.count()) await button.click({ timeout: 2_000 });
    await expect(button).toHaveCount(0, { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
