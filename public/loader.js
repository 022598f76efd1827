// The only script of ours on a customer's page: a button, and on demand the frame that
// the chat lives in. Written by hand, minified by the build, served at /widget/KEY.js
// with its settings in place of __DAMSO_SETTINGS__.
//
//   window.damso = window.damso || function () { (damso.q = damso.q || []).push(arguments) }
//   damso("open" | "close" | "toggle" | "show" | "hide" | "logout" | "shutdown")
//   damso("locale", "ko" | "en")
//   damso("on" | "off", "ready" | "open" | "close" | "unread", handler)
//
// It does nothing before the page has loaded and is idle, sets no cookie, and keeps one
// key in localStorage: the visitor's token and whether a chat goes on.
(function () {
  "use strict";
  var settings = __DAMSO_SETTINGS__;
  var early = window.damso;
  if (early && early.loaded) {
    console.warn("damso: the script is on this page twice; the second one does nothing.");
    return;
  }

  var KEY = "damso:" + settings.key;
  var origin = new URL(settings.base, location.href).origin;
  var narrow = matchMedia("(max-width: 480px), (max-height: 480px)");
  var stop = new AbortController();
  var memory = {};
  var handlers = {};
  var language, shadowHost, shadow, launcher, badge, panel, frame, port, alarm, failure, isReady, isOpen, isHidden, isDead, isFull, wantsFocus, pushed, unread = 0;

  // ---- what is kept in the page's storage: {token, live, open, gone} ----

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

  function make(tag, attributes, parent) {
    var svg = tag === "svg" || tag === "path";
    var element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (var name in attributes) element.setAttribute(name, attributes[name]);
    if (parent) parent.append(element);
    return element;
  }

  function spoken() {
    var known = [language, document.documentElement.lang, navigator.language, "ko"].map(function (tag) {
      return (tag || "").slice(0, 2).toLowerCase();
    });
    return known.find(function (tag) {
      return tag === "ko" || tag === "en";
    });
  }

  function words() {
    return settings.texts[spoken()];
  }

  function style() {
    // Checked by the server, and so is that the ink can be read on the colour.
    var side = settings.side;
    return (
      ":host{all:initial;color-scheme:light dark;--a:" + settings.color + ";--i:" + settings.ink + "}" +
      "*{box-sizing:border-box}[hidden]{display:none!important}" +
      "button{font:650 14px/20px system-ui,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif;color:inherit;border:0;background:none;cursor:pointer;padding:8px 16px;min-height:44px;border-radius:8px}" +
      "button:focus-visible{outline:3px solid var(--a);outline-offset:3px;box-shadow:0 0 0 3px #fff}" +
      ".launcher,.panel{position:fixed;z-index:2147483000;" + side + ":calc(20px + env(safe-area-inset-" + side + "))}" +
      ".launcher{bottom:calc(20px + env(safe-area-inset-bottom));min-width:56px;max-width:calc(100vw - 40px);height:56px;padding:0 15px;border-radius:28px;background:var(--a);color:var(--i);display:grid;grid-auto-flow:column;gap:8px;place-items:center;box-shadow:0 2px 6px rgb(0 0 0/.16),0 8px 24px rgb(0 0 0/.2)}" +
      ".launcher:hover svg{transform:scale(1.08)}" +
      "svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;transition:transform .14s}" +
      ".label{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;max-width:100%}" +
      // Drawn, not text: the button is read by its name.
      ".badge:after{content:attr(data-n)}.badge{position:absolute;top:-3px;right:-3px;min-width:22px;padding:0 6px;border-radius:11px;background:#a8261f;color:#fff;font:650 12px/22px system-ui,sans-serif;box-shadow:0 0 0 2px #fff}" +
      ".panel{bottom:calc(88px + env(safe-area-inset-bottom));width:380px;height:640px;max-height:calc(100vh - 108px);max-height:calc(100dvh - 108px);border-radius:16px;overflow:hidden;background:#fff;background:light-dark(#fff,#1b1d1f);color:#1d1c1a;color:light-dark(#1d1c1a,#ececea);box-shadow:0 1px 2px rgb(0 0 0/.08),0 12px 40px rgb(0 0 0/.22);visibility:hidden;opacity:0;transform:translateY(8px);transition:opacity .14s,transform .14s,visibility 0s .14s}" +
      ".panel.open{visibility:visible;opacity:1;transform:none;transition-delay:0s}" +
      ".panel.full{left:0;right:0;top:0;bottom:auto;width:100%;height:100vh;height:100dvh;max-height:none;border-radius:0}" +
      "iframe{border:0;width:100%;height:100%;display:block;background:none}" +
      ".failure{position:absolute;inset:0;display:grid;place-content:center;justify-items:center;gap:12px;background:inherit;font:450 15px/22px system-ui,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif}" +
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
      make("style", {}, shadow).textContent = style();
    }
    launcher = make("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-controls": "panel" }, shadow);
    badge = make("span", { class: "badge", "aria-hidden": "true" });
    panel = make("div", { id: "panel", class: "panel", role: "dialog" }, shadow);
    listen(launcher, "click", toggle);
    ["pointerenter", "focus"].forEach(function (name) {
      launcher.addEventListener(name, preconnect, { once: true, signal: stop.signal });
    });
    listen(shadow, "keydown", function (event) {
      if (event.key === "Escape") close();
    });
    draw();
    attach();
    // Frameworks swap the body or empty it: come back.
    var observer = new MutationObserver(attach);
    observer.observe(document.documentElement, { childList: true });
    observer.observe(document.body, { childList: true });
    stop.signal.addEventListener("abort", function () {
      observer.disconnect();
    });
    function attach() {
      if (!isDead && document.body && shadowHost.parentNode !== document.body) {
        document.body.append(shadowHost);
        if (observer) observer.observe(document.body, { childList: true });
      }
    }
  }

  function preconnect() {
    if (origin !== location.origin) make("link", { rel: "preconnect", href: origin }, document.head);
  }

  function draw() {
    if (!launcher) return;
    var text = words();
    var name = isOpen ? text.close : unread ? text.open_unread.replace("{count}", unread) : text.open;
    var label = isOpen ? "" : text.label;
    launcher.setAttribute("aria-label", label ? name + ", " + label : name);
    launcher.setAttribute("aria-expanded", !!isOpen);
    launcher.hidden = isHidden || (isOpen && isFull);
    launcher.textContent = "";
    icon(isOpen ? CROSS : BUBBLE, launcher);
    if (label) make("span", { class: "label" }, launcher).textContent = label;
    if (unread && !isOpen) {
      badge.dataset.n = unread > 99 ? "99+" : unread;
      launcher.append(badge);
    }
    panel.setAttribute("aria-label", text.title.replace("{service}", settings.name[spoken()] || settings.name.ko));
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
    frame.src = settings.base + "/w/" + settings.key + "?frame=1&lang=" + spoken();
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

  function fail() {
    if (isReady || failure) return;
    var text = words();
    failure = make("div", { class: "failure", role: "alert" }, panel);
    make("span", {}, failure).textContent = text.failed;
    var retry = make("button", { type: "button" }, failure);
    retry.textContent = text.retry;
    retry.onclick = function () {
      unload();
      load();
    };
    var x = make("button", { type: "button", class: "x", "aria-label": text.close }, failure);
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
        say(Object.assign(page("hello"), { token: kept().token || null, live: kept().live, lang: spoken(), open: !!isOpen, focus: !!wantsFocus, mobile: !!isFull }));
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
        keep({ live: message.live ? 1 : 0 });
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
    if (inside) launcher.focus();
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
    Array.prototype.forEach.call(document.body.children, function (element) {
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
    if (pushed && history.state && history.state.damso) history.back();
    else pushed = false;
  }

  function fit() {
    var view = window.visualViewport;
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
    open: open,
    close: close,
    toggle: toggle,
    show: function () {
      isHidden = false;
      draw();
    },
    hide: function () {
      isHidden = true;
      draw();
    },
    locale: function (tag) {
      language = tag;
      draw();
      if (frame) {
        unload();
        load();
      }
    },
    on: function (name, handler) {
      (handlers[name] = handlers[name] || []).push(handler);
      if (name === "ready" && launcher) handler();
    },
    off: function (name, handler) {
      handlers[name] = (handlers[name] || []).filter(function (other) {
        return other !== handler;
      });
    },
    logout: function () {
      say({ t: "logout" });
      // Without a frame, the next one is told.
      keep({ token: null, live: 0, gone: isReady ? 0 : 1 });
    },
    shutdown: function () {
      close();
      isDead = true;
      stop.abort();
      unload();
      if (shadowHost) shadowHost.remove();
    }
  };
  var wantsOpen;

  function run(call) {
    var command = commands[call[0]];
    if (!command) console.warn("damso: no command " + call[0]);
    else if (!isDead) command(call[1], call[2]);
  }

  window.damso = function () {
    run(arguments);
  };
  window.damso.loaded = true;
  ((early && early.q) || []).forEach(run);

  // ---- beginning ----

  function start() {
    if (isDead) return;
    build();
    narrow.addEventListener("change", resized, { signal: stop.signal });
    if (window.visualViewport) ["resize", "scroll"].forEach(function (name) {
      listen(window.visualViewport, name, fit);
    });
    listen(window, "popstate", function () {
      if (pushed && !(history.state && history.state.damso)) {
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
      var before = {};
      try {
        before = JSON.parse(event.oldValue) || {};
      } catch (_) {}
      var now = kept();
      if (before.token !== now.token) say({ t: "token", token: now.token || null });
      if (now.live) load();
    });
    fire("ready");
    document.dispatchEvent(new CustomEvent("damso:ready", { bubbles: true }));
    var state = kept();
    if (wantsOpen) open();
    else if (state.open && !narrow.matches) open(true);
    else if (state.live) load();
  }

  function whenIdle() {
    if (window.requestIdleCallback) requestIdleCallback(start, { timeout: 2000 });
    else setTimeout(start, 200);
  }

  if (document.readyState === "complete") whenIdle();
  else listen(window, "load", whenIdle);
})();
