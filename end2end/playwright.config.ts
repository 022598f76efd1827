// The browser tests. `cargo xtask test` builds what they need and names it in the
// environment (support/env.ts); by hand:
//
//   cargo xtask build && cargo build --features failpoints
//   cd end2end && npx playwright test [FILE] [--grep NAME]
//
// Every test has a server, a database and a port of its own, so they may run side by side.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: './tests',
  outputDir: './results/artifacts',
  reporter: [['list']],
  workers: 2,
  retries: 0,
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // The long ones first, so that the others run beside them.
  projects: [
    { name: 'faults', testMatch: /faults\.spec\.ts/ },
    { name: 'browser', testIgnore: /faults\.spec\.ts/ },
  ],
  use: {
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: 'only-on-failure',
    trace: process.env.DAMSO_TRACE ? 'retain-on-failure' : 'off',
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      // The system's; nothing is ever downloaded.
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
