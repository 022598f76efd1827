// `test` with a server of its own, and second people with browsers of their own.
import { test as base, type BrowserContext, type Page } from '@playwright/test';
import { Server, type Options } from './server';

type Fixtures = {
  serverOptions: Options;
  server: Server;
  /** A page in a browser of somebody else: own cookies, own storage. */
  person: (options?: Parameters<import('@playwright/test').Browser['newContext']>[0]) => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  serverOptions: [{}, { option: true }],
  server: async ({ serverOptions }, use, info) => {
    const server = await Server.start(serverOptions);
    await use(server);
    await server.dispose();
    const trouble = server.log.split('\n').filter((line) => /panicked|ERROR/.test(line));
    if (info.status !== info.expectedStatus || trouble.length > 0) await info.attach('server.log', { body: server.log, contentType: 'text/plain' });
    if (trouble.length > 0 && info.status === 'passed') throw new Error(`the server complained:\n${trouble.slice(0, 5).join('\n')}`);
  },
  person: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export { expect } from '@playwright/test';
