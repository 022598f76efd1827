// The only script of ours on a customer's page: a button, and on demand the frame that
// the chat lives in. Written by hand, minified by the build, served at /widget/KEY.js
// with its settings in place of __DAMSO_SETTINGS__.
//
//   window.damso = window.damso || function () { (damso.q = damso.q || []).push(arguments) }
//   damso("boot", { locale, theme, launcher, identity, data, hidden })
//   damso("open" | "close" | "toggle" | "show" | "hide" | "logout" | "shutdown")
//   damso("locale", "ko" | "en")      damso("theme", "auto" | "light" | "dark")
//   damso("launcher", "#selector")    damso("identify", jwt)    damso("set", { key: value })
//   damso("on" | "off", name, handler), where name is
//     ready, open, close, unread(n), message, start, end, status(online), error({ code })
//
// It does nothing before the page has loaded and is idle (with `data-manual` in its tag:
// before the first "boot"), sets no cookie, and keeps one key in localStorage: the visitor's
// token and whether a chat goes on. /developers says it all.
(function () {
  "use strict";
  var settings = __DAMSO_SETTINGS__;
  var early = window.damso;
  if (early && early.loaded) {
    console.warn("damso: the script is on this page twice");
    return;
  }

  var KEY = "damso:" + settings.key;
  var origin = new URL(settings.base, location.href).origin;
  var narrow = matchMedia("(max-width: 480px), (max-height: 480px)");
  var script = document.currentScript;
  var view = window.visualViewport;
  var memory = {};
  var handlers = {};
  // What the page has said of its customer; in memory only.
  var identity = null;
  var data = {};
  var theme = "auto";
  var isDead = !!script && script.hasAttribute("data-manual");
  var language, selector, stop, observer, shadowHost, shadow, launcher, badge, panel, frame, port, alarm, failure, isReady, isOpen, isHidden, isFull, isLive, isVerified, wantsFocus, wantsOpen, pushed, unread = 0;

  // ---- what is kept in the page's storage: {token, live, open, gone} ----
  // live: 1 a chat goes on, 2 a chat of a customer whom the page has named.

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch (_) {
      return memory;
    }
  }

  function keep(change) {
    memory = Object.assign({}, kept(), change);
    try {
      localStorage.setItem(KEY, JSON.stringify(memory));
    } catch (_) {}
  }

  // ---- small things ----

  function listen(target, name, handler) {
    target.addEventListener(name, handler, { signal: stop.signal });
  }

  function fire(name, value) {
    (handlers[name] || []).slice().forEach(function (handler) {
      try {
        handler(value);
      } catch (error) {
        console.error(error);
      }
    });
  }

  function make(tag, attributes, parent, text) {
    var svg = tag === "svg" || tag === "path";
    var element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (var name in attributes) element.setAttribute(name, attributes[name]);
    if (text) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  }

  function short(tag) {
    return (tag || "").slice(0, 2).toLowerCase();
  }

  function spoken() {
    return [language, document.documentElement.lang, navigator.language, "ko"].map(short).find(function (tag) {
      return settings.texts[tag];
    });
  }

  function words() {
    return settings.texts[spoken()];
  }

  function style() {
    // Checked by the server, and so is that the ink can be read on the colour.
    var side = settings.side;
    return (
      ":host{all:initial;font:450 15px/22px system-ui,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif;color-scheme:light dark;--a:" + settings.color + ";--i:" + settings.ink + "}" +
      "*{box-sizing:border-box}[hidden]{display:none!important}" +
      "button{font:inherit;font-weight:650;font-size:14px;color:inherit;border:0;background:none;cursor:pointer;padding:8px 16px;min-height:44px;border-radius:8px}" +
      "button:focus-visible{outline:3px solid var(--a);outline-offset:3px;box-shadow:0 0 0 3px #fff}" +
      ".launcher,.panel{position:fixed;z-index:2147483000;" + side + ":calc(20px + env(safe-area-inset-" + side + "));box-shadow:0 2px 6px rgb(0 0 0/.16),0 8px 32px rgb(0 0 0/.2)}" +
      ".launcher{bottom:calc(20px + env(safe-area-inset-bottom));min-width:56px;max-width:calc(100vw - 40px);height:56px;padding:0 15px;border-radius:28px;background:var(--a);color:var(--i);display:grid;grid-auto-flow:column;gap:8px;place-items:center}" +
      "button:hover{filter:brightness(.94)}" +
      "svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}" +
      ".label{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;max-width:100%}" +
      // Drawn, not text: the button is read by its name.
      ".badge:after{content:attr(data-n)}.badge{position:absolute;top:-3px;right:-3px;min-width:22px;padding:0 6px;border-radius:11px;background:#a8261f;color:#fff;font-size:12px;box-shadow:0 0 0 2px #fff}" +
      ".panel{bottom:calc(88px + env(safe-area-inset-bottom));width:380px;height:640px;max-height:calc(100dvh - 108px);border-radius:16px;overflow:hidden;background:Canvas;color:CanvasText;visibility:hidden;opacity:0;transform:translateY(8px);transition:opacity .14s,transform .14s,visibility .14s}" +
      ".panel.open{visibility:visible;opacity:1;transform:none}" +
      ".panel.full{inset:0 0 auto;width:100%;height:100dvh;max-height:none;border-radius:0}" +
      "iframe{border:0;width:100%;height:100%;display:block;background:none}" +
      ".failure{position:absolute;inset:0;display:grid;place-content:center;justify-items:center;gap:12px;background:inherit}" +
      ".failure button:not(.x){background:var(--a);color:var(--i)}.x{position:absolute;top:8px;right:8px;width:44px;padding:0;display:grid;place-items:center}.x svg{width:20px;height:20px}" +
      "@media(forced-colors:active){.launcher,.panel,.badge{border:2px solid}}@media(prefers-reduced-motion:reduce){*{transition:none!important}}@media print{.launcher,.panel{display:none}}"
    );
  }

  function icon(path, parent) {
    make("path", { d: path }, make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, parent));
  }

  var BUBBLE = "M8 20.2a9.2 9.2 0 1 0-4.2-4.2L2.5 21.5z";
  var CROSS = "M18 6 6 18M6 6l12 12";

  // ---- the button ----

  function build() {
    shadowHost = make("damso-chat", { id: "damso-chat", "data-turbo-permanent": "" });
    shadow = shadowHost.attachShadow({ mode: "open" });
    try {
      // Allowed by any style-src, unlike a <style> element.
      var sheet = new CSSStyleSheet();
      sheet.replaceSync(style());
      shadow.adoptedStyleSheets = [sheet];
    } catch (_) {
      make("style", {}, shadow, style());
    }
    launcher = make("button", { class: "launcher", "aria-haspopup": "dialog", "aria-controls": "panel" }, shadow);
    badge = make("span", { class: "badge", "aria-hidden": "true" });
    panel = make("div", { id: "panel", class: "panel", role: "dialog" }, shadow);
    listen(launcher, "click", toggle);
    launcher.onpointerenter = launcher.onfocus = preconnect;
    listen(shadow, "keydown", function (event) {
      if (event.key === "Escape") close();
    });
    // The page's own launchers, also those that come later.
    listen(document, "click", function (event) {
      if (selector && event.target.closest(selector)) {
        event.preventDefault();
        toggle();
      }
    });
    observer = new MutationObserver(attach);
    observer.observe(document.documentElement, { childList: true });
    attach();
    draw();
  }

  // Frameworks swap the body or empty it: come back.
  function attach() {
    var body = document.body;
    if (isDead || !body) return;
    if (shadowHost.parentNode !== body) body.append(shadowHost);
    observer.observe(body, { childList: true, subtree: !!selector });
    mark();
  }

  function own() {
    return selector ? document.querySelectorAll(selector) : [];
  }

  function mark(gone) {
    own().forEach(function (element) {
      if (gone === true) element.removeAttribute("aria-expanded");
      else element.setAttribute("aria-expanded", !!isOpen);
    });
  }

  function preconnect() {
    launcher.onpointerenter = launcher.onfocus = null;
    if (origin !== location.origin) make("link", { rel: "preconnect", href: origin }, document.head);
  }

  function draw() {
    if (!launcher) return;
    var text = words();
    var name = isOpen ? text.close : unread ? text.open_unread.replace("{count}", unread) : text.open;
    var label = isOpen ? "" : text.label;
    launcher.setAttribute("aria-label", label ? name + ", " + label : name);
    launcher.setAttribute("aria-expanded", !!isOpen);
    launcher.hidden = isHidden || selector || (isOpen && isFull);
    shadowHost.style.colorScheme = theme === "auto" ? "" : theme;
    mark();
    launcher.textContent = "";
    icon(isOpen ? CROSS : BUBBLE, launcher);
    if (label) make("span", { class: "label" }, launcher, label);
    if (unread && !isOpen) {
      badge.dataset.n = unread > 99 ? "99+" : unread;
      launcher.append(badge);
    }
    panel.setAttribute("aria-label", text.title);
    panel.setAttribute("aria-modal", !!isFull);
    panel.classList.toggle("open", !!isOpen);
    panel.classList.toggle("full", !!(isFull && isOpen));
  }

  // ---- the frame ----

  function load() {
    if (frame) return;
    frame = make("iframe", {
      title: panel.getAttribute("aria-label"),
      allow: "clipboard-write; autoplay",
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads",
      referrerpolicy: "strict-origin-when-cross-origin"
    });
    frame.addEventListener("load", function () {
      // A new document in the frame has no port yet, whatever came before.
      var channel = new MessageChannel();
      isReady = false;
      port = channel.port1;
      port.onmessage = function (event) {
        hear(event.data || {});
      };
      this.contentWindow.postMessage({ damso: 1, type: "port" }, origin, [channel.port2]);
    });
    frame.src = settings.base + "/w/" + settings.key + "?frame=1&lang=" + spoken() + "&theme=" + theme;
    panel.append(frame);
    clearTimeout(alarm);
    alarm = setTimeout(fail, 5000);
  }

  function unload() {
    clearTimeout(alarm);
    if (failure) failure.remove();
    if (frame) frame.remove();
    failure = frame = port = isReady = null;
  }

  function reload() {
    unload();
    load();
  }

  function fail() {
    if (isReady || failure) return;
    fire("error", { code: "connection" });
    var text = words();
    failure = make("div", { class: "failure", role: "alert" }, panel);
    make("span", {}, failure, text.failed);
    var retry = make("button", {}, failure, text.retry);
    retry.onclick = reload;
    var x = make("button", { class: "x", "aria-label": text.close }, failure);
    icon(CROSS, x);
    x.onclick = close;
  }

  function say(message) {
    if (isReady) port.postMessage(message);
  }

  function page(t) {
    // Queries and fragments may carry what is nobody's business.
    return { t: t, url: location.origin + location.pathname, title: document.title.slice(0, 200) };
  }

  function hear(message) {
    switch (message.t) {
      case "ready":
        isReady = true;
        clearTimeout(alarm);
        if (failure) failure.remove();
        failure = null;
        if (kept().gone) {
          say({ t: "logout" });
          keep({ gone: 0 });
        }
        say(Object.assign(page("hello"), { token: kept().token || null, live: kept().live, identity: identity, data: data, theme: theme, open: !!isOpen, focus: !!wantsFocus }));
        if (isOpen && wantsFocus) frame.focus();
        wantsFocus = false;
        break;
      case "unread":
        if (unread !== message.n) {
          unread = message.n;
          draw();
          fire("unread", unread);
        }
        break;
      case "token":
        keep({ token: message.token });
        break;
      case "live":
        keep({ live: message.live && (isVerified ? 2 : 1) });
        if (isLive !== message.live) fire(message.live ? "start" : "end");
        isLive = message.live;
        break;
      case "verified":
        isVerified = message.is;
        break;
      case "message":
      case "status":
      case "error":
        fire(message.t, message.what);
        break;
      case "close":
        close();
    }
  }

  // ---- opening and closing ----

  function open(byItself) {
    if (isDead || isOpen) return;
    if (!launcher) return (wantsOpen = true);
    isOpen = true;
    isFull = narrow.matches;
    wantsFocus = byItself !== true;
    if (isFull) fill();
    else keep({ open: 1 });
    draw();
    load();
    if (isReady) {
      if (wantsFocus) frame.focus();
      say({ t: "open", focus: wantsFocus });
      wantsFocus = false;
    }
    fire("open");
  }

  function close() {
    wantsOpen = false;
    if (!isOpen) return;
    var inside = isFull || shadow.activeElement;
    isOpen = false;
    if (isFull) empty();
    keep({ open: 0 });
    say({ t: "closed" });
    draw();
    if (inside) (own()[0] || launcher).focus();
    fire("close");
  }

  function toggle() {
    if (isOpen) close();
    else open();
  }

  // On a small screen the panel is all there is: nothing behind it scrolls or has the
  // focus, it follows the part of the screen that the keyboard leaves, and Back closes it.
  var behind = [];
  var overflow;

  function fill() {
    Array.from(document.body.children).forEach(function (element) {
      if (element !== shadowHost && !element.inert) {
        element.inert = true;
        behind.push(element);
      }
    });
    overflow = document.documentElement.style.overflow;
    document.documentElement.style.overflow = "hidden";
    fit();
    if (!pushed) {
      history.pushState(Object.assign({}, history.state, { damso: 1 }), "");
      pushed = true;
    }
  }

  function empty() {
    behind.forEach(function (element) {
      element.inert = false;
    });
    behind = [];
    document.documentElement.style.overflow = overflow;
    panel.style.height = panel.style.top = "";
    isFull = false;
    if (pushed && isAhead()) history.back();
    else pushed = false;
  }

  function isAhead() {
    return (history.state || {}).damso;
  }

  function fit() {
    if (isOpen && isFull && view) {
      panel.style.height = view.height + "px";
      panel.style.top = view.offsetTop + "px";
    }
  }

  function resized() {
    if (isOpen && narrow.matches !== !!isFull) {
      if (isFull) empty();
      else {
        isFull = true;
        fill();
      }
      draw();
    }
    fit();
  }

  // ---- commands ----

  var commands = {
    // An option is a command with its value.
    boot: function (options) {
      for (var name in options) run([name, options[name]]);
      isDead = false;
      begin();
    },
    open: open,
    close: close,
    toggle: toggle,
    show: function () {
      hidden(false);
    },
    hide: function () {
      hidden(true);
    },
    hidden: hidden,
    locale: function (tag) {
      check(!tag || settings.texts[short(tag)], tag);
      language = tag;
      draw();
      if (frame) reload();
    },
    theme: function (name) {
      check(/^(auto|light|dark)$/.test(name), name);
      theme = name;
      draw();
      say({ t: "theme", theme: theme });
    },
    launcher: function (query) {
      // What is no selector is refused here.
      if (query) document.querySelector(query);
      mark(true);
      selector = query;
      if (launcher) attach();
      draw();
    },
    identify: identify,
    identity: identify,
    set: set,
    data: set,
    on: function (name, handler) {
      check(handler && handler.call, handler);
      (handlers[name] = handlers[name] || []).push(handler);
      if (name === "ready" && launcher) handler();
    },
    off: function (name, handler) {
      handlers[name] = (handlers[name] || []).filter(function (other) {
        return other !== handler;
      });
    },
    logout: function () {
      forget();
      say({ t: "logout" });
      // Without a frame, the next one is told.
      keep({ token: null, live: 0, gone: isReady ? 0 : 1 });
    },
    shutdown: function () {
      close();
      isDead = true;
      forget();
      unload();
      mark(true);
      if (launcher) {
        stop.abort();
        observer.disconnect();
        shadowHost.remove();
      }
      launcher = pushed = unread = 0;
    }
  };

  function forget() {
    identity = isVerified = null;
    data = {};
  }

  function hidden(is) {
    isHidden = is;
    draw();
  }

  function identify(token) {
    token = (token && token.token) || token || null;
    check(!token || token.trim, token);
    identity = token;
    say({ t: "identify", identity: identity });
  }

  function set(change) {
    check(Object(change) === change, change);
    for (var name in change) data[name] = change[name] == null ? null : String(change[name]);
    say({ t: "set", data: data });
  }

  function check(fine, value) {
    if (!fine) throw Error("not understood: " + value);
  }

  // What a page asks wrongly must not stop the page.
  function run(call) {
    try {
      var command = commands[call[0]];
      check(command, call[0]);
      command(call[1], call[2]);
    } catch (error) {
      console.warn("damso:", call[0], error);
    }
  }

  window.damso = function () {
    run(arguments);
  };
  window.damso.loaded = true;

  // ---- beginning ----

  function start() {
    if (isDead || launcher) return;
    stop = new AbortController();
    build();
    listen(narrow, "change", resized);
    if (view) ["resize", "scroll"].forEach(function (name) {
      listen(view, name, fit);
    });
    listen(window, "popstate", function () {
      if (pushed && !isAhead()) {
        pushed = false;
        close();
      }
    });
    // Pages that change without loading.
    var last = location.pathname;
    listen(window.navigation || window, window.navigation ? "currententrychange" : "popstate", function () {
      // The title follows the address.
      setTimeout(function () {
        if (location.pathname !== last) {
          last = location.pathname;
          say(page("page"));
        }
      }, 100);
    });
    listen(window, "storage", function (event) {
      if (event.key !== KEY) return;
      var before = memory.token;
      memory = kept();
      if (before !== memory.token) say({ t: "token", token: memory.token || null });
      if (memory.live) load();
    });
    memory = kept();
    isLive = !!memory.live;
    fire("ready");
    document.dispatchEvent(new CustomEvent("damso:ready", { bubbles: true }));
    if (wantsOpen) open();
    else if (memory.open && !narrow.matches) open(true);
    else if (memory.live) load();
  }

  function whenIdle() {
    if (window.requestIdleCallback) requestIdleCallback(start, { timeout: 2000 });
    else setTimeout(start, 200);
  }

  function begin() {
    if (document.readyState === "complete") whenIdle();
    else addEventListener("load", whenIdle);
  }

  ((early && early.q) || []).forEach(run);
  if (!isDead) begin();
})();
