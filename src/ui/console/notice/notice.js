// Sounds, notices of the desktop and the mark on the tab's icon. Of several consoles in one
// browser one leads and is heard; whoever is looked at holds a lock that the leader sees.

const LOOKING = "damso-looking";
// Frequencies in Hz with their beginnings in seconds: a call, a drop, a knock.
const SOUNDS = [
  [[784, 0], [1047, 0.16], [784, 0.4], [1047, 0.56]],
  [[659, 0], [988, 0.1]],
  [[440, 0]],
];
const LASTS = 0.35;

let audio;

// Calls the handler once this page leads; answers how to resign.
export function lead(name, handler) {
  if (!navigator.locks) {
    handler();
    return () => {};
  }
  const stop = new AbortController();
  let release;
  const over = new Promise((done) => (release = done));
  navigator.locks
    .request(name, { signal: stop.signal }, () => {
      handler();
      return over;
    })
    .catch(() => {});
  return () => {
    stop.abort();
    release();
  };
}

// Holds the lock while somebody looks at this page.
export function look() {
  let release = null;
  const turn = () => {
    const looks = !document.hidden && document.hasFocus();
    if (looks && !release && navigator.locks) {
      const over = new Promise((done) => (release = done));
      navigator.locks.request(LOOKING, { mode: "shared" }, () => over).catch(() => {});
    } else if (!looks && release) {
      release();
      release = null;
    }
  };
  for (const name of ["focus", "blur"]) window.addEventListener(name, turn);
  document.addEventListener("visibilitychange", turn);
  turn();
}

export async function looked() {
  if (!document.hidden && document.hasFocus()) return true;
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === LOOKING);
}

// Browsers let a page be heard once somebody has touched it.
export function openSound(handler) {
  audio = new AudioContext();
  const tell = () => handler(audio.state === "suspended");
  const unlock = () => audio.resume();
  audio.onstatechange = tell;
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, unlock, { passive: true });
  tell();
}

export function play(kind, volume) {
  if (audio?.state !== "running") return;
  for (const [hertz, begins] of SOUNDS[kind]) {
    const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
    const at = audio.currentTime + begins;
    tone.frequency.value = hertz;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime((volume / 100) * 0.4, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + LASTS);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + LASTS);
  }
}

// "granted", "denied" or "default"; a browser without notices denies them.
export const permission = () => window.Notification?.permission ?? "denied";
export const ask = () => Promise.resolve(window.Notification?.requestPermission()).catch(() => {});

export function notify(title, body, tag, open) {
  try {
    // Our own sounds are heard already.
    const notice = new Notification(title, { body, tag, silent: true, icon: "/favicon.svg" });
    notice.onclick = () => {
      window.focus();
      notice.close();
      open();
    };
  } catch {
    // Phones want a service worker for them.
  }
}

// How much waits, on the tab's icon and that of an installed app.
export function badge(count) {
  const icon = document.querySelector('link[rel="icon"]');
  if (icon) icon.href = count ? "/site/favicon-news.svg" : "/favicon.svg";
  navigator.setAppBadge?.(count).catch(() => {});
}
