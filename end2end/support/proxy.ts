// A TCP proxy between browser and server that does to connections what networks do:
// cuts them, also in the middle of a frame, leaves them half open, holds them up.
import net from 'node:net';
import type { Random } from './random';

class Line {
  /** Bytes that still pass before the line is cut. */
  fuse?: number;
  /** Nothing passes in this direction, and nobody is told. */
  deaf = { up: false, down: false };
  /** Each piece is held for so many milliseconds. */
  delay = 0;
  dead = false;
  /** No end hears anything at all, not even that the other one is gone. */
  asleep = false;

  constructor(readonly client: net.Socket, readonly server: net.Socket, private readonly over: (line: Line) => void) {
    client.setNoDelay(true);
    server.setNoDelay(true);
    this.pipe(client, server, 'up');
    this.pipe(server, client, 'down');
    for (const end of [client, server]) {
      end.on('error', () => this.gone());
      end.on('close', () => this.gone());
    }
  }

  private pipe(from: net.Socket, to: net.Socket, way: 'up' | 'down'): void {
    let last = Promise.resolve();
    const later = (act: () => void) => {
      if (this.delay === 0) return void (last = last.then(act));
      last = last.then(() => new Promise((resolve) => setTimeout(resolve, this.delay))).then(act);
    };
    from.on('data', (bytes) => {
      // Backpressure is not a matter of these tests; what is deaf swallows.
      if (this.deaf[way]) return;
      later(() => {
        if (this.dead || this.deaf[way]) return;
        if (this.fuse !== undefined) {
          if (bytes.length >= this.fuse) {
            to.write(bytes.subarray(0, this.fuse), () => this.cut());
            this.deaf = { up: true, down: true };
            return;
          }
          this.fuse -= bytes.length;
        }
        to.write(bytes);
      });
    });
    from.on('end', () => later(() => void (this.asleep || to.end())));
  }

  private gone(): void {
    if (!this.asleep) this.cut();
  }

  /** The line is torn: a reset on both sides. */
  cut(): void {
    if (this.dead) return;
    this.dead = true;
    this.client.destroy();
    this.server.destroy();
    this.over(this);
  }
}

export class Proxy {
  readonly lines = new Set<Line>();
  /** No line comes through, and those that try are refused. */
  down = false;
  private asleep = false;
  counts = { connections: 0, cut: 0, midFrame: 0, halfOpen: 0, slow: 0 };
  private readonly listener: net.Server;

  private constructor(readonly port: number, readonly target: number) {
    this.listener = net.createServer((client) => this.take(client));
  }

  static async start(port: number, target: number): Promise<Proxy> {
    const proxy = new Proxy(port, target);
    await new Promise<void>((resolve, reject) => proxy.listener.once('error', reject).listen(port, '127.0.0.1', resolve));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private take(client: net.Socket): void {
    client.on('error', () => {});
    if (this.down) return void client.destroy();
    this.counts.connections += 1;
    const server = net.connect(this.target, '127.0.0.1');
    const line = new Line(client, server, (over) => this.lines.delete(over));
    this.lines.add(line);
    if (this.asleep) this.lull(line);
  }

  private lull(line: Line): void {
    line.asleep = true;
    line.deaf = { up: true, down: true };
  }

  /** A laptop's lid is closed: no line passes anything on, and no end of it is told. */
  sleep(): void {
    this.asleep = true;
    for (const line of this.lines) this.lull(line);
  }

  /** The lid is open again: what was a line is none, and new ones come through. */
  wake(): void {
    this.asleep = false;
    this.cutAll();
  }

  /** Tears all lines at once. */
  cutAll(): void {
    for (const line of [...this.lines]) {
      this.counts.cut += 1;
      line.cut();
    }
  }

  /** The network is gone until `up()`. */
  unplug(): void {
    this.down = true;
    this.cutAll();
  }

  up(): void {
    this.down = false;
  }

  /** Does one random thing to one or all lines. Answers what. */
  mischief(random: Random): string {
    const lines = [...this.lines].filter((line) => line.fuse === undefined && !line.deaf.up && !line.deaf.down);
    if (lines.length === 0) return 'nothing';
    const line = random.pick(lines);
    switch (random.between(0, 4)) {
      case 0:
        this.counts.cut += 1;
        line.cut();
        return 'cut';
      case 1:
        this.cutAll();
        return 'all cut';
      case 2:
        // In the middle of whatever passes next: a header, a frame, a body.
        this.counts.midFrame += 1;
        line.fuse = random.between(1, 400);
        return 'cut mid-frame';
      case 3:
        this.counts.slow += 1;
        line.delay = random.between(50, 500);
        return 'slow';
      default: {
        // One direction goes silent; the other end is told much later.
        this.counts.halfOpen += 1;
        line.deaf[random.pick(['up', 'down'] as const)] = true;
        const end = setTimeout(() => line.cut(), random.between(1_500, 4_000));
        end.unref();
        return 'half open';
      }
    }
  }

  async dispose(): Promise<void> {
    this.down = true;
    for (const line of [...this.lines]) line.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}
