// node console.js FILE: a busy console in a browser. FILE says where it is, who signs in, which
// chats are his, and by which tokens their customers write. Prints one JSON object per reading.
import { readFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const { origin, email, password, mine, others, rounds, events } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless=new', '--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const tell = (reading) => console.log(JSON.stringify(reading));
const uuid = () => {
  // Version 7: the server wants the browser's clock in front.
  const hex = Date.now().toString(16).padStart(12, '0') + crypto.randomUUID().replaceAll('-', '').slice(12);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

async function write(token, text) {
  const answer = await fetch(`${origin}/api/visitor/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, origin },
    body: JSON.stringify({ request: { widget: 'demo', client_id: uuid(), text } }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}

try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  await page.evaluateOnNewDocument(() => {
    // When a frame with a certain text has come, and the module's memory.
    const heard = (window.heard = new Map());
    const Native = window.WebSocket;
    window.WebSocket = class extends Native {
      constructor(...args) {
        super(...args);
        this.addEventListener('message', ({ data }) => {
          const mark = /mark-\d+/.exec(String(data))?.[0];
          if (mark && !heard.has(mark)) heard.set(mark, performance.now());
        });
      }
    };
    for (const name of ['instantiate', 'instantiateStreaming']) {
      const native = WebAssembly[name];
      WebAssembly[name] = async (...args) => {
        const made = await native.apply(WebAssembly, args);
        window.wasmMemory = (made.instance ?? made).exports.memory;
        return made;
      };
    }
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
    const until = (true_) =>
      new Promise((done, fail) => {
        const look = new MutationObserver(check);
        const end = setTimeout(() => (look.disconnect(), fail(new Error('not within 10 s'))), 10_000);
        function check() {
          if (!true_()) return;
          look.disconnect();
          clearTimeout(end);
          done();
        }
        look.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        check();
      });
    window.open_chat = async (id) => {
      const begun = performance.now();
      document.querySelector(`a.row[href^="/console/${id}"]`).click();
      const shown = () => document.querySelector('.pane.thread [role=log] article') && document.querySelector(`a.row[aria-current][href^="/console/${id}"]`);
      await until(() => location.pathname.endsWith(id) && shown() && window.thread !== document.querySelector('.pane.thread [role=log]'));
      window.thread = document.querySelector('.pane.thread [role=log]');
      return (await painted()) - begun;
    };
    window.shown = async (mark) => {
      await until(() => document.querySelector('.pane.thread [role=log]')?.textContent.includes(mark));
      return (await painted()) - heard.get(mark);
    };
  });
  await page.goto(`${origin}/login?next=/console`);
  await page.type('input[name=email]', email);
  await page.type('input[name=password]', password);
  await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
  await page.waitForSelector('.link-state.up', { timeout: 60_000 });
  await page.click('#lists-tab-active, [role=tab]:nth-child(2)');
  await page.waitForSelector(`a.row[href^="/console/${mine[0].chat}"]`, { timeout: 60_000 });

  let mark = 0;
  for (let round = 0; round < rounds; round++) {
    for (const { chat, token } of mine) {
      tell({ kind: round === 0 ? 'first' : 'again', ms: await page.evaluate((id) => window.open_chat(id), chat) });
      const text = `mark-${++mark}`;
      const shown = page.evaluate((text) => window.shown(text), text);
      await write(token, text);
      tell({ kind: 'paint', ms: await shown });
    }
  }

  const session = await page.createCDPSession();
  const memory = async (kind) => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const heap = metrics.find((m) => m.name === 'JSHeapUsedSize').value;
    const wasm = await page.evaluate(() => window.wasmMemory?.buffer.byteLength ?? 0);
    const nodes = metrics.find((m) => m.name === 'Nodes').value;
    tell({ kind, heap, wasm, nodes });
  };
  await session.send('Performance.enable');
  let next = 0;
  const burst = async (count) => {
    const writer = async () => {
      while (next < count) await write(others[next % others.length].token, `event ${next++}`);
    };
    next = 0;
    await Promise.all(Array.from({ length: 8 }, writer));
    const last = `mark-${++mark}`;
    // All of them have come when this one has.
    await page.evaluate((id) => window.open_chat(id), mine[(mark % (mine.length - 1)) + 1].chat).catch(() => {});
    await write(mine[0].token, last);
    await page.waitForFunction((last) => window.heard.has(last), { timeout: 60_000 }, last);
  };
  // The first ones fill what is kept of each chat.
  await burst(others.length);
  await memory('before');
  await burst(events);
  await memory('after');
} finally {
  await browser.close();
}
