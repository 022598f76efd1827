// node host.js URL SNIPPET ROUNDS: what the snippet costs a page, as Lighthouse (a slow phone) sees it.
// Prints one JSON object per visit, with and without the snippet in turns.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const [url, snippet, rounds] = process.argv.slice(2);
const browser = await launch({
  chromePath: process.env.CHROMIUM || '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  logLevel: 'silent',
});
try {
  for (let round = 0; round < Number(rounds); round++) {
    for (const present of [false, true]) {
      const blockedUrlPatterns = present ? [] : [`*${snippet}*`];
      const { lhr } = await lighthouse(url, { port: browser.port, logLevel: 'silent', onlyCategories: ['performance'], blockedUrlPatterns });
      if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
      const items = (audit) => lhr.audits[audit].details?.items ?? [];
      const loaded = items('network-requests').filter((r) => r.statusCode === 200);
      console.log(
        JSON.stringify({
          present,
          score: lhr.categories.performance.score * 100,
          shift: lhr.audits['cumulative-layout-shift'].numericValue,
          blocking_ms: lhr.audits['total-blocking-time'].numericValue,
          work_ms: lhr.audits['mainthread-work-breakdown'].numericValue,
          long_tasks: items('long-tasks').filter((t) => t.url.includes(snippet)).length,
          requests: loaded.length,
          bytes: loaded.reduce((sum, r) => sum + r.transferSize, 0),
        }),
      );
    }
  }
} finally {
  browser.kill();
}
