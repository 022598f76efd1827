// The history checker: what was typed, what every screen showed at every moment, what is
// stored; and whether the three agree (SECURITY §8).
import type { BrowserContext, Page } from '@playwright/test';

/** A row of a screen: sequence (0 while the server has not said one) and text. */
export type Row = [seq: number, text: string];
export type Sender = 'customer' | 'agent';
export type Stored = { seq: number; public: number | null; kind: string; author?: Sender; text?: string; client_id?: string };

/** Keeps every state of the message list that somebody could have seen. */
export class Recorder {
  readonly snapshots: Row[][] = [];

  constructor(readonly who: Sender) {}

  async watch(context: BrowserContext): Promise<void> {
    await context.exposeBinding('damsoShown', (_, rows: Row[]) => void this.snapshots.push(rows));
    await context.addInitScript(() => {
      if (!/^\/(w|console)\b/.test(location.pathname)) return;
      let last = '';
      let asked = false;
      // Once a frame is drawn: what stands there between two steps of a script, nobody sees.
      const look = () => {
        asked = false;
        const log = document.querySelector('[role=log]');
        if (!log) return;
        const rows = Array.from(log.querySelectorAll<HTMLElement>('[data-state]:not([data-seq="2"])'), (e) => [Number(e.dataset.seq ?? 0), e.textContent]);
        const now = JSON.stringify(rows);
        if (now === last) return;
        last = now;
        void (window as any).damsoShown?.(rows);
      };
      new MutationObserver(() => {
        if (asked) return;
        asked = true;
        requestAnimationFrame(look);
      }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-seq'] });
    });
  }
}

/** Reads a chat's whole log as the agent signed in on `page`, oldest first. */
export async function readStored(page: Page, origin: string, chat: string): Promise<Stored[]> {
  let all: Stored[] = [];
  let before: number | null = null;
  for (;;) {
    const answer = await page.request.post(`${origin}/api/chats/thread`, { data: { chat, before }, headers: { origin } });
    if (!answer.ok()) throw new Error(`thread: ${answer.status()} ${await answer.text()}`);
    const thread: { events: Stored[]; earlier: boolean } = await answer.json();
    all = [...thread.events, ...all];
    if (!thread.earlier || thread.events.length === 0) return all;
    before = thread.events[0].seq;
  }
}

function repeated<T>(all: T[]): T[] {
  return all.filter((one, n) => all.indexOf(one) !== n);
}

/** Everything that is wrong with a history; empty when the promise held. */
export function check(typed: Record<Sender, string[]>, stored: Stored[], screens: { who: Sender; rows: Row[] }[], recorders: Recorder[]): string[] {
  const wrong: string[] = [];
  const messages = stored.filter((e) => e.kind === 'message');
  const texts = messages.map((m) => m.text!);

  // The log: no gap in either numbering, nothing lost, doubled or made up.
  stored.forEach((e, n) => {
    if (e.seq !== n + 1) wrong.push(`log: sequence ${e.seq} stands at place ${n + 1}`);
  });
  stored.filter((e) => e.public !== null).forEach((e, n) => {
    if (e.public !== n + 1) wrong.push(`log: public sequence ${e.public} stands at place ${n + 1}`);
  });
  for (const sender of ['customer', 'agent'] as Sender[]) {
    const mine = messages.filter((m) => m.author === sender).map((m) => m.text!);
    const lost = typed[sender].filter((text) => !mine.includes(text));
    const foreign = mine.filter((text) => !typed[sender].includes(text));
    if (lost.length > 0) wrong.push(`lost from the ${sender}: ${lost.length} (${lost.slice(0, 5).join(', ')} …)`);
    if (foreign.length > 0) wrong.push(`nobody typed: ${foreign.slice(0, 5).join(', ')}`);
    const doubled = repeated(mine);
    if (doubled.length > 0) wrong.push(`doubled from the ${sender}: ${doubled.length} (${doubled.slice(0, 5).join(', ')} …)`);
    const order = typed[sender].filter((text) => mine.includes(text));
    const firsts = mine.filter((text, n) => mine.indexOf(text) === n);
    if (JSON.stringify(order) !== JSON.stringify(firsts)) wrong.push(`reordered from the ${sender}: ${firsts.join(' ')}`);
  }
  const ids = repeated(messages.map((m) => m.client_id));
  if (ids.length > 0) wrong.push(`log: ${ids.length} client ids stand there twice`);

  // Both screens in the end: the whole log, nothing else.
  const log: Row[] = messages.map((m) => [m.public!, m.text!]);
  for (const { who, rows } of screens) {
    if (JSON.stringify(rows) !== JSON.stringify(log)) {
      const at = rows.findIndex((row, n) => JSON.stringify(row) !== JSON.stringify(log[n]));
      wrong.push(`the ${who}'s screen differs from the log: ${rows.length} rows of ${log.length}, first at ${at}: ${JSON.stringify(rows.slice(Math.max(at, 0), at + 3))} for ${JSON.stringify(log.slice(Math.max(at, 0), at + 3))}`);
    }
  }

  // Each screen at each moment: a stretch of the log in its order, then own messages on
  // their way. A sequence that was shown once is what is stored (acknowledged ⊆ stored).
  const place = new Map(log.map(([seq], n) => [seq, n]));
  for (const { who, snapshots } of recorders) {
    snapshots.forEach((rows, moment) => {
      const say = (what: string) => wrong.push(`${who}'s screen at moment ${moment}: ${what}`);
      const twice = repeated(rows.map(([, text]) => text)).filter((text) => repeated(texts).indexOf(text) === -1);
      if (twice.length > 0) say(`shown twice: ${twice.slice(0, 3).join(', ')}`);
      const own = (text: string) => typed[who].includes(text);
      let before = -1;
      let tail: string | undefined;
      for (const [seq, text] of rows) {
        if (seq === 0) {
          tail ??= text;
          if (!own(text)) say(`${JSON.stringify(text)} has no sequence and is not the ${who}'s own`);
          continue;
        }
        if (tail) say(`${seq} ${JSON.stringify(text)} stands behind ${JSON.stringify(tail)}, which is not sent yet`);
        const at = place.get(seq);
        if (at === undefined || log[at][1] !== text) {
          say(`${seq} ${JSON.stringify(text)} is not what is stored there: ${JSON.stringify(at === undefined ? null : log[at])}`);
          continue;
        }
        if (at <= before) say(`${seq} stands behind a later one`);
        // A gap is allowed only before an own message whose answer was faster than the log.
        else if (before >= 0 && at !== before + 1 && !own(text)) say(`${seq} is there, but ${log[before + 1][0]} before it is not`);
        before = at;
      }
    });
  }
  return wrong;
}
