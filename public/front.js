// The front door (src/ui/front) in a page that is open: forms are sent without leaving the
// page, and the door is drawn again when it has changed. Without this script the same forms
// and links lead to pages.
//
// In the widget the module says who the visitor is (`window.damsoFront`): `ask` is called to
// make him known, `knows(token)` answers.
(function () {
  "use strict";
  // The widget's page; the help centre leads by its links.
  var framed = document.documentElement.dataset.outbox;
  // public/frame.js, where there is a host page.
  var host = window.damsoFrame;
  var open = !framed;
  var view, socket, alarm, beat, tries = 0, silent, online, waiting = [];
  var api = (window.damsoFront = {
    ask: null,
    started: null,
    token: null,
    fetch: ask,
    look: look,
    knows: function (token) {
      var other = token !== api.token && !waiting.length;
      api.token = token;
      if (host) host.known(token);
      waiting.splice(0).forEach(function (done) {
        done(token);
      });
      // Who is known is not asked for what he said before.
      if (other && token && front()) load(view || front().dataset.view);
    },
    open: function (is) {
      open = is;
      look();
    }
  });

  function front() {
    return document.getElementById("damso-front");
  }

  function page() {
    return document.getElementById("damso-widget");
  }

  function ask(path, options) {
    options = options || {};
    options.headers = Object.assign({ accept: "application/json" }, options.headers);
    if (api.token) options.headers.authorization = "Bearer " + api.token;
    if (framed) options.credentials = "omit";
    return fetch(path, options);
  }

  // ---- drawing ----

  // What was typed stays where it was typed.
  function put(html, fresh) {
    var old = front();
    var made = document.createElement("template");
    made.innerHTML = html;
    var now = made.content.firstElementChild;
    if (!now || !now.dataset.view || !old) throw 0;
    var focus = document.activeElement && old.contains(document.activeElement) && document.activeElement.id;
    if (!fresh && now.dataset.view === old.dataset.view) {
      old.querySelectorAll("input:not([type=hidden]), textarea").forEach(function (field) {
        var same = field.id && now.querySelector("#" + field.id);
        if (same && field.files) same.files = field.files;
        else if (same) same.value = field.value;
        else if (field.checked) {
          same = now.querySelector('[value="' + field.value + '"]:not(:disabled)');
          if (same) same.checked = true;
        }
      });
      var token = old.querySelector("[name=token]");
      if (token && now.querySelector("[name=token]")) now.querySelector("[name=token]").value = token.value;
    }
    old.replaceWith(now);
    view = now.dataset.view;
    var to = now.querySelector("[aria-invalid]") || (focus && now.querySelector("#" + focus));
    if (to) to.focus();
    restore();
  }

  function load(which, focus) {
    view = which;
    return ask(front().dataset.url + "&view=" + which)
      .then(function (answer) {
        return answer.ok ? answer.text() : "";
      })
      .then(function (html) {
        if (!html || view !== which) return;
        put(html, focus);
        if (focus) {
          var first = front().querySelector("textarea") || front().querySelector("h2");
          if (first && first.tagName === "H2") first.tabIndex = -1;
          if (first) first.focus();
        }
      })
      .catch(function () {});
  }

  // ---- what is written for an inquiry is kept until it was sent ----

  function store() {
    return "damso-ask:" + front().dataset.widget;
  }

  function restore() {
    var field = front().querySelector("textarea[name=text]");
    try {
      if (front().querySelector("[data-done]")) localStorage.removeItem(store());
      else if (field && !field.value) {
        // What stood in the chat's field is what somebody wanted to say.
        var draft = page() && page().querySelector("textarea");
        field.value = localStorage.getItem(store()) || (draft && draft.value) || "";
      }
    } catch (_) {}
  }

  document.addEventListener("input", function (event) {
    if (event.target.id !== "front-words" || !front()) return;
    try {
      localStorage.setItem(store(), event.target.value);
    } catch (_) {}
  });

  // ---- links and forms ----

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("[data-view]");
    if (!link || link.tagName !== "A" || !page() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.view === "new") document.body.dataset.stage = "front";
    else load(link.dataset.view, true);
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset.act || event.defaultPrevented) return;
    event.preventDefault();
    var button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    var body = new FormData(form);
    if (form.enctype[0] === "a") body = new URLSearchParams(body);
    who()
      .then(function () {
        return ask(form.action, { method: "POST", body: body });
      })
      .then(function (answer) {
        return answer.text().then(function (text) {
          if (answer.ok && form.dataset.act === "start") {
            if (api.started) api.started();
            else location.reload();
          } else if (text) put(text, answer.ok);
          else throw 0;
        });
      })
      .catch(function () {
        var alert = front().querySelector("[role=alert]");
        alert.textContent = "";
        var text = document.createElement("p");
        text.className = "front-alert";
        text.textContent = front().dataset.trouble;
        alert.append(text);
      })
      .finally(function () {
        button.removeAttribute("aria-disabled");
      });
  });

  // A page by itself is known by its cookie.
  function who() {
    if (!framed || api.token) return Promise.resolve();
    return new Promise(function (done, fail) {
      waiting.push(function (token) {
        if (token) done();
        else fail();
      });
      setTimeout(fail, 15000);
      api.ready();
    });
  }

  // The module has come, or it is clear whom the host page names (public/frame.js): somebody
  // may have been waiting for that.
  api.ready = function () {
    if (waiting.length && api.ask && !api.hold) api.ask();
  };

  // ---- news of the door ----

  function wanted() {
    // Who waits is told when nobody is left; before the tray has come he may be waiting.
    return front() && seen() && (!page() || document.body.dataset.stage !== "chat" || page().querySelector("#damso-tray:empty,.place:not([hidden])"));
  }

  function seen() {
    return open && !document.hidden;
  }

  function look() {
    // The desk is told whether the window is looked at, on the line of the chat
    // (src/ui/live/host.js). A closed one takes it and says nothing.
    var line = api.line;
    if (line && line.on !== seen()) line.send('{"t":"sight","on":' + (line.on = seen()) + "}");
    if (!wanted()) {
      clearTimeout(alarm);
      alarm = null;
      if (socket) socket.close();
    } else if (!socket && !alarm) connect();
  }

  function connect() {
    alarm = null;
    socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/ws");
    socket.onopen = function () {
      socket.send(JSON.stringify({ hello: "door", version: 1, widget: front().dataset.widget }));
    };
    socket.onmessage = function (event) {
      tries = silent = 0;
      var frame = JSON.parse(event.data);
      if (frame.t !== "door") return;
      if (host && online !== frame.open) host.port.postMessage({ t: "status", what: (online = frame.open) });
      if (front() && frame.is !== front().dataset.is) load(view || front().dataset.view);
    };
    socket.onclose = function (event) {
      clearInterval(beat);
      socket = null;
      // 4001: there is no such door.
      if (wanted() && event.code !== 4001) alarm = setTimeout(connect, Math.min(30000, 500 * Math.pow(2, tries++)) * (0.5 + Math.random()));
    };
    clearInterval(beat);
    // A line may be dead and not know it.
    beat = setInterval(function () {
      if (!socket || socket.readyState !== 1) return;
      if (silent++) socket.close();
      else socket.send('{"t":"beat"}');
    }, 20000);
  }

  document.addEventListener("visibilitychange", look);
  // A page with an open line is not kept for Back.
  addEventListener("pagehide", function () {
    if (socket) socket.close();
  });
  addEventListener("pageshow", look);
  document.addEventListener("DOMContentLoaded", function () {
    if (front()) restore();
    var stage = document.body.dataset.stage;
    new MutationObserver(function () {
      var was = stage;
      stage = document.body.dataset.stage;
      // What was drawn before knows less of the customer and his chat than we do now.
      if (stage !== was && stage !== "chat") load("door", was === "over");
      look();
    }).observe(document.body, { attributes: true, subtree: true, attributeFilter: ["data-stage", "hidden"] });
    look();
  });
})();
