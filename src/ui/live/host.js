// What the modules ask of the browser. A line here does what would take wasm a dozen
// imports and as many conversions; host_browser.rs says what each is for.

export const now = () => Date.now();
export const chance = () => Math.random();
export const visible = () => !document.hidden;
export const reload = () => location.reload();
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
// A page in the background draws no frames.
export const frame = () => new Promise((done) => (document.hidden ? setTimeout(done) : requestAnimationFrame(done)));

export function random(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

export function listen(onDocument, name, handler) {
  const target = onDocument ? document : window;
  target.addEventListener(name, handler);
  return () => target.removeEventListener(name, handler);
}

// ---- lists that are read from their end ----

export function toEnd(list) {
  list.scrollTop = list.scrollHeight;
  list.atEnd = true;
  list.wasAt = list.scrollTop;
}

// Only scrolling up leaves the end. When a banner or a longer draft takes height from the
// list, or a line in it grows, nobody moved, and the end is brought back into view.
export function followEnd(list, near, handler) {
  const look = () => {
    // A hidden frame has no height and tells nothing.
    if (!list.clientHeight) return;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight <= near;
    if (atEnd || list.scrollTop < list.wasAt) list.atEnd = atEnd;
    list.wasAt = list.scrollTop;
  };
  const scrolled = () => {
    look();
    handler();
  };
  const sizes = new ResizeObserver(() => {
    look();
    if (list.atEnd) toEnd(list);
    handler();
  });
  list.addEventListener("scroll", scrolled);
  sizes.observe(list);
  for (const part of list.children) sizes.observe(part);
  toEnd(list);
  return () => {
    sizes.disconnect();
    list.removeEventListener("scroll", scrolled);
  };
}

// ---- storage; in memory where the browser blocks it ----

const memory = new Map();

export function stored(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key, value) {
  memory.delete(key);
  try {
    localStorage.setItem(key, value);
  } catch {
    memory.set(key, value);
  }
}

export function unstore(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {}
}

export function storedBelow(prefix) {
  let keys = [...memory.keys()];
  try {
    keys = keys.concat(Object.keys(localStorage));
  } catch {}
  return [...new Set(keys)].filter((key) => key.startsWith(prefix)).map(stored);
}

// ---- locks between tabs ----

// Answers how to let go. Without locks, or when nobody lets go in time, it goes on alone.
export function lock(name, patience) {
  return new Promise((done) => {
    let over = false;
    const alone = () => {
      over = true;
      done(() => {});
    };
    if (!navigator.locks) return alone();
    setTimeout(alone, patience);
    navigator.locks
      .request(name, () => over || new Promise((release) => done(release)))
      .catch(alone);
  });
}

// ---- requests ----

export async function post(path, body, token, cookie, patience) {
  const headers = { "content-type": "application/json", accept: "application/json" };
  if (token) headers.authorization = "Bearer " + token;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(path, { method: "POST", body, headers, credentials: cookie ? "same-origin" : "omit", signal: stop.signal });
    return [answer.status, await answer.text(), parseInt(answer.headers.get("retry-after"), 10)];
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// ---- sockets ----

export function open(path, handler) {
  const socket = new WebSocket(location.origin.replace(/^http/, "ws") + path);
  socket.onopen = () => {
    handler(0, "");
    // The customer's page says on it whether it is looked at (public/front.js).
    const front = window.damsoFront;
    if (front) {
      front.line = socket;
      front.look();
    }
  };
  socket.onmessage = (event) => handler(1, String(event.data));
  // An error is always followed by a close.
  socket.onclose = (event) => handler(event.code, "");
  return socket;
}

export function send(socket, text) {
  if (socket.readyState !== 1) return false;
  socket.send(text);
  return true;
}

export function close(socket) {
  socket.onopen = socket.onmessage = socket.onclose = null;
  // Without a network it is no goodbye.
  socket.close(navigator.onLine ? 1000 : 3000);
}

// ---- the page, and the page that the widget's frame stands in (public/frame.js) ----

export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {}
}

export const object = () => ({});
export const put = (object, name, value) => {
  object[name] = value;
};
export const stringify = (value) => JSON.stringify(value);
export const at = (value, name) => value?.[name];
export const items = (value) => (Array.isArray(value) ? value : null);
export const pageJson = (id) => parse(document.getElementById(id)?.textContent);

export function hostPost(message) {
  window.damsoFrame?.port?.postMessage(message);
}

export function hostListen(handler) {
  const frame = window.damsoFrame;
  if (!frame) return null;
  document.getElementById("damso-early")?.remove();
  frame.on = handler;
  frame.queue.forEach(handler);
  return frame.pending;
}

// The front door (public/front.js): asks who the visitor is (false), and says that a chat has
// begun (true).
export function frontListen(handler) {
  const front = window.damsoFront;
  front.ask = () => handler(false);
  front.started = () => handler(true);
  front.ready();
}

export const frontKnows = (token) => window.damsoFront.knows(token);

// Who began a chat goes on where its words are written.
export function stage(name) {
  const began = name === "chat" && document.querySelector("#damso-door :focus");
  document.body.dataset.stage = name;
  if (began) document.querySelector("#damso-widget textarea").focus();
}

// Names what stands beside the chat, for public/tray.js.
export function tray(name) {
  document.body.dataset.tray = name;
}

// Needs the page to be looked at, and a secure address.
export const copyText = (text) => Promise.resolve(navigator.clipboard?.writeText(text).then(() => true)).catch(() => false);

// ---- formats of the user's region ----

const STYLES = [
  { hour: "numeric", minute: "2-digit" },
  { month: "long", day: "numeric", weekday: "long" },
  { dateStyle: "medium", timeStyle: "long" },
];
// Making a format is slow, using it is not.
const formats = {};

export function formatTime(at, language, style) {
  formats[language + style] ??= new Intl.DateTimeFormat(language, STYLES[style]);
  return formats[language + style].format(at);
}

export function localDay(at) {
  return Math.floor((at - new Date(at).getTimezoneOffset() * 60_000) / 86_400_000);
}

// What the clocks of a zone show, as 2026-11-23T09:00; the user's own where the browser does
// not know the zone.
export function wallClock(at, zone) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  let format;
  try {
    format = new Intl.DateTimeFormat("en-US", { ...parts, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat("en-US", parts);
  }
  const of = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}
