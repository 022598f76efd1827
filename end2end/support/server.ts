// One running program: started, killed and started again on the same data.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import WebSocket from 'ws';
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
  /** Nobody is 온라인 but who comes online in a browser; else agent3 always is, in the demo. */
  unstaffed?: boolean;
  /** Its time can be moved on: `passes`. */
  clock?: boolean;
  /** 자동 배정, as a new service has it; else 선착순, where a test says who answers. */
  assigned?: boolean;
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
  /** How many seconds the test has let pass, over all of its lives. */
  private ahead = 0;

  private constructor(readonly port: number, readonly data: string, private readonly options: Options) {}

  static async start(options: Options = {}): Promise<Server> {
    const made = options.data ? undefined : mkdtempSync(path.join(os.tmpdir(), 'damso-e2e-'));
    const server = new Server(options.port ?? (await freePort()), options.data ?? made!, options);
    server.made = made;
    await server.boot();
    if (!options.bare && !options.unstaffed) await server.staff('agent3');
    // Most tests say themselves who answers, which 선착순 allows.
    if (!options.bare && !options.assigned) await server.routes('open');
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
      env: {
        PATH: process.env.PATH ?? '',
        RUST_BACKTRACE: '0',
        NO_COLOR: '1',
        DAMSO_SITE: SITE,
        ...(this.options.clock && { TEST_CLOCK: String(this.ahead) }),
        ...this.options.env,
        ...env,
      },
      stdio: [this.options.clock ? 'pipe' : 'ignore', 'pipe', 'pipe'],
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

  /**
   * Lets so many seconds of the server's pass, and answers when they have: much sooner. Who
   * answers the server's pings stays connected meanwhile, who does not is found to be gone.
   */
  async passes(seconds: number): Promise<void> {
    const child = this.child!;
    await new Promise<void>((done, failed) => {
      const look = (text: Buffer) => {
        if (!text.toString().includes(`Passed ${seconds}`)) return;
        child.stdout!.off('data', look);
        done();
      };
      child.stdout!.on('data', look);
      void this.ended!.then(() => failed(new Error('the server ended while its time passed')));
      child.stdin!.write(`${seconds}\n`);
    });
    this.ahead += seconds;
  }

  /** Somebody's requests. */
  private async signedIn(who: string) {
    const headers = { origin: this.origin, 'content-type': 'application/json' };
    const post = async (path: string, body: unknown, cookie = '') => {
      const answer = await fetch(`${this.origin}/api/${path}`, { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer;
    };
    const signedIn = await post('accounts/sign-in', { email: `${who}@example.com`, password: 'damso-demo' });
    return { post, cookie: signedIn.headers.get('set-cookie')!.split(';')[0]! };
  }

  /** Sets 배정 방식; a server on old data has it already. */
  async routes(mode: 'open' | 'assigned'): Promise<void> {
    const { post, cookie } = await this.signedIn('owner');
    const { version, value } = (await (await post('settings/routing', {}, cookie)).json()) as { version: number; value: { mode: string } };
    if (value.mode !== mode) await post('settings/routing/save', { over: version, value: { ...value, mode } }, cookie);
  }

  /** Lets somebody be 온라인 with a console of his own that comes back after every restart. */
  async staff(who: string): Promise<void> {
    const { post, cookie } = await this.signedIn(who);
    const { service, seq } = (await (await post('desk', {}, cookie)).json()) as { service: { id: string }; seq: number };
    await new Promise<void>((ready, failed) => {
      const open = () => {
        if (this.disposed) return;
        const socket = new WebSocket(`${this.origin.replace('http', 'ws')}/ws`, { headers: { origin: this.origin, cookie } });
        socket.onopen = () => socket.send(JSON.stringify({ hello: 'agent', version: 1, service: service.id, seq }));
        // The console is there from its welcome on.
        socket.onmessage = (event) => {
          if (JSON.parse(String(event.data)).t === 'welcome') post('presence/set', { status: 'online' }, cookie).then(() => ready(), failed);
        };
        // A refused connection is followed by a close.
        socket.onerror = () => undefined;
        socket.onclose = () => setTimeout(open, 200).unref();
        this.consoles.push(socket);
      };
      open();
    });
  }

  private readonly consoles: WebSocket[] = [];
  private disposed = false;

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
    this.disposed = true;
    this.consoles.forEach((socket) => socket.close());
    await this.kill();
    if (this.made) rmSync(this.made, { recursive: true, force: true });
  }
}
