// One running program: started, killed and started again on the same data.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BIN, SITE } from './env';
import { freePort } from './ports';

export type Options = {
  /** Port on 127.0.0.1; a free one if not given. */
  port?: number;
  /** Folder of the data; a new one, removed at the end, if not given. */
  data?: string;
  /** Run as in earnest instead of as the demo: nothing in the database yet. */
  bare?: boolean;
  env?: Record<string, string>;
};

/** How a process ended: its code or the signal's name. */
export type Ended = { code: number | null; signal: string | null };

export class Server {
  /** All that it wrote to stderr, over all of its lives. */
  log = '';
  lives = 0;
  private child?: ChildProcess;
  private ended?: Promise<Ended>;
  private made?: string;

  private constructor(readonly port: number, readonly data: string, private readonly options: Options) {}

  static async start(options: Options = {}): Promise<Server> {
    const made = options.data ? undefined : mkdtempSync(path.join(os.tmpdir(), 'damso-e2e-'));
    const server = new Server(options.port ?? (await freePort()), options.data ?? made!, options);
    server.made = made;
    await server.boot();
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the program (again) and waits until it takes requests. */
  async boot(env: Record<string, string> = {}): Promise<void> {
    const port = String(this.port);
    const command = this.options.bare ? ['--listen', `127.0.0.1:${port}`, '--data', this.data] : ['demo', '--port', port, '--data', this.data];
    const child = spawn(BIN, command, {
      env: { PATH: process.env.PATH ?? '', RUST_BACKTRACE: '0', NO_COLOR: '1', DAMSO_SITE: SITE, ...this.options.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.lives += 1;
    child.stderr!.on('data', (text) => (this.log += text));
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    let out = '';
    const listening = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.stdout!.on('data', (text) => {
        out += text;
        // The last line that it says before it takes requests.
        if (out.includes('Listening on')) resolve();
      });
      void this.ended!.then((how) => reject(new Error(`the server ended at once (${JSON.stringify(how)}): ${out}${this.log.slice(-2_000)}`)));
      setTimeout(() => reject(new Error(`the server does not listen: ${out}${this.log.slice(-2_000)}`)), 30_000).unref();
    });
    await listening;
  }

  /** How this life ended, once it has. */
  exit(): Promise<Ended> {
    return this.ended!;
  }

  get running(): boolean {
    return !!this.child && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it the hard way. */
  async kill(): Promise<void> {
    if (this.running) this.child!.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it the polite way; fails if that takes longer than the ten seconds promised. */
  async stop(): Promise<void> {
    if (this.running) {
      this.child!.kill('SIGTERM');
      const late = Symbol('late');
      const how = await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, 12_000, late).unref())]);
      if (how === late) {
        await this.kill();
        throw new Error('SIGTERM did not end the server within ten seconds');
      }
    }
  }

  /** Ends it, whatever it does, and removes what was made for it. */
  async dispose(): Promise<void> {
    await this.kill();
    if (this.made) rmSync(this.made, { recursive: true, force: true });
  }
}
