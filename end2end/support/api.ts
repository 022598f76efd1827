// People without a browser: they fill chats quickly, by the requests that pages make.
import { request, type APIRequestContext } from '@playwright/test';
import { randomUUID } from 'node:crypto';

async function post<T>(http: APIRequestContext, origin: string, path: string, data: unknown, token?: string): Promise<T> {
  const headers: Record<string, string> = { origin };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await http.post(`${origin}/api/${path}`, { data, headers });
  const text = await answer.text();
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${text}`);
  return JSON.parse(text || 'null') as T;
}

/** A customer. */
export class Visitor {
  chat?: string;

  private constructor(private readonly http: APIRequestContext, private readonly origin: string, readonly token: string) {}

  static async arrive(origin: string): Promise<Visitor> {
    const http = await request.newContext();
    const { token } = await post<{ token: string }>(http, origin, 'visitor/register', { request: { widget: 'demo' } });
    return new Visitor(http, origin, token);
  }

  /** Agrees and starts a chat, from a page of the shop. */
  async begin(): Promise<void> {
    const headers = { origin: this.origin, authorization: `Bearer ${this.token}`, accept: 'application/json' };
    const door = await (await this.http.get(`${this.origin}/w/demo/front?lang=ko`, { headers })).text();
    const consent = /name="consent" value="([^"]+)"/.exec(door)?.[1];
    if (!consent) throw new Error(`the door is shut: ${door}`);
    const form = { lang: 'ko', consent, url: 'https://shop.example/orders', title: '주문조회' };
    const answer = await this.http.post(`${this.origin}/w/demo/start`, { headers, form });
    if (!answer.ok()) throw new Error(`start: ${answer.status()} ${await answer.text()}`);
    this.chat = ((await answer.json()) as { chat: string }).chat;
  }

  /** Writes; where no chat goes on, starts one first. */
  async say(text: string): Promise<number> {
    if (!this.chat) await this.begin();
    const body = { request: { widget: 'demo', client_id: randomUUID(), text } };
    const sent = await post<{ chat: string; seq: number }>(this.http, this.origin, 'visitor/send', body, this.token);
    this.chat = sent.chat;
    return sent.seq;
  }

  async end(): Promise<void> {
    await post(this.http, this.origin, 'visitor/end', { request: { widget: 'demo', chat: this.chat } }, this.token);
    this.chat = undefined;
  }
}

/** An agent. */
export class Colleague {
  private constructor(private readonly http: APIRequestContext, private readonly origin: string) {}

  static async signIn(origin: string, who: string): Promise<Colleague> {
    const http = await request.newContext();
    const answer = await http.post(`${origin}/api/accounts/sign-in`, { data: { email: `${who}@example.com`, password: 'damso-demo' }, headers: { origin } });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
    // The cookie is Secure; loopback counts as secure for browsers, not for this client.
    const cookie = answer.headers()['set-cookie'].split(';')[0];
    return new Colleague(await request.newContext({ extraHTTPHeaders: { cookie } }), origin);
  }

  /** The first chat that waits. */
  async waiting(): Promise<string> {
    const desk = await post<{ cards: { chat: { id: string; state: { is: string } } }[] }>(this.http, this.origin, 'desk', {});
    const card = desk.cards.find((c) => c.chat.state.is === 'waiting');
    if (!card) throw new Error('nobody waits');
    return card.chat.id;
  }

  async start(chat: string): Promise<void> {
    await post(this.http, this.origin, 'chats/start', { chat });
  }

  async reply(chat: string, text: string): Promise<number> {
    return (await post<{ seq: number }>(this.http, this.origin, 'chats/send', { chat, client_id: randomUUID(), text })).seq;
  }

  async end(chat: string): Promise<void> {
    await post(this.http, this.origin, 'chats/end', { chat });
  }
}
