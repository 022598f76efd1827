// Stands in the head of the widget's page when that page is a frame, and runs before
// anything else: it takes the port that the host page offers, and keeps what is sent
// before the module runs, in the form that src/ui/live/outbox.rs reads.
//
// It also exchanges the host page's word for who the customer is (a JWT) for a session of
// ours. Both stay in memory: neither storage nor the host page gets that session.
(function () {
  "use strict";
  var scope = document.documentElement.dataset.outbox;
  if (!scope || parent === window) return;
  // `on` is set by the module when it takes over; public/front.js calls `known`.
  var frame = (window.damsoFrame = { port: null, queue: [], pending: [], on: null, known: known });
  // The session; the JWT that is to become one; what the shop says of its customer.
  var session, isVerified, wanted, data = {};
  // What is said while hello waits for the session; nobody is registered meanwhile.
  var held;

  addEventListener("message", function (event) {
    // Who may be the parent is decided by frame-ancestors.
    if (event.source !== parent || !event.data || event.data.damso !== 1 || !event.ports[0]) return;
    frame.port = event.ports[0];
    frame.port.onmessage = function (message) {
      if (held) held.push(message.data);
      else hear(message.data);
    };
    new MutationObserver(identify).observe(document.body, { attributes: true, attributeFilter: ["data-stage"] });
    tell({ t: "ready" });
  });

  function tell(message) {
    frame.port.postMessage(message);
  }

  function fail(code) {
    tell({ t: "error", what: { code: code } });
  }

  function pass(said) {
    if (frame.on) frame.on(said);
    else frame.queue.push(said);
  }

  // The module does not know the words that are for this script alone, and lets them be.
  function hear(said) {
    var t = said.t;
    if (t === "hello" || t === "identify" || t === "logout") {
      wanted = said.identity;
      // The page is drawn without knowing the visitor: a chat of his that goes on is not to
      // be hidden by the front door until the module comes.
      if (said.live === 1 && said.token) document.body.dataset.stage = "chat";
    }
    if (t === "closed" || t === "open" || t === "hello") window.damsoFront.open(t === "open" || !!said.open);
    if (said.theme) document.documentElement.dataset.theme = said.theme;
    if (said.data) {
      data = said.data;
      supply();
    }
    if (t === "hello") {
      window.damsoFront.hold = held = [];
      identify().then(function () {
        pass(session ? Object.assign(said, { token: session, verified: true }) : said);
        var waiting = held;
        window.damsoFront.hold = held = null;
        waiting.forEach(hear);
        window.damsoFront.ready();
      });
    } else if (t === "logout" || (t === "identify" && !wanted)) {
      session = null;
      pass({ t: "logout", verified: t === "identify" });
    } else if (t !== "token" || !session || !said.token) {
      identify();
      pass(said);
    }
  }

  // ---- who the customer is, as the host page has it signed ----

  function post(path, body) {
    body.widget = scope.slice(7);
    return window.damsoFront.fetch("/api/visitor/" + path, { method: "POST", body: JSON.stringify({ request: body }), headers: { "content-type": "application/json" } }).then(function (answer) {
      return answer.ok ? answer.text() : Promise.reject();
    });
  }

  // A chat of nobody in particular is never taken from the customer, not even one that he
  // has begun meanwhile: its end is waited for. The answer to an older word is void.
  function identify() {
    var jwt = wanted;
    if (!jwt || isBusy()) return Promise.resolve();
    return post("identify", { token: jwt })
      .then(function (text) {
        if (jwt !== wanted || isBusy()) return;
        wanted = null;
        session = JSON.parse(text).token;
        if (!held) pass({ t: "token", token: session, verified: true });
      })
      .catch(function () {
        if (jwt !== wanted) return;
        wanted = null;
        fail("identity");
      });
  }

  function isBusy() {
    return !session && document.body.dataset.stage === "chat";
  }

  // The module knows the visitor by this token, or by none: without being told so, the
  // session has run out.
  function known(token) {
    if (isVerified && session && token !== session) {
      session = null;
      fail("identity");
    }
    isVerified = !!token && token === session;
    tell({ t: "verified", is: isVerified });
    supply();
  }

  // What the shop says of the visitor, once there is one and whenever he is another.
  function supply() {
    if (window.damsoFront.token && Object.keys(data).length)
      post("data", { data: data }).catch(function () {
        fail("data");
      });
  }

  addEventListener(
    "submit",
    function (event) {
      if (frame.on || event.target.dataset.act) return;
      event.preventDefault();
      var field = event.target.elements.text;
      var text = field && field.value.trim();
      if (!text) return;
      var now = Date.now();
      // A UUID of version 7: 48 bits of time, the rest by chance.
      var hex = now.toString(16).padStart(12, "0") + "7";
      crypto.getRandomValues(new Uint8Array(10)).forEach(function (byte) {
        hex += (byte | 256).toString(16).slice(1);
      });
      var id = hex.replace(/^(.{8})(.{4})(.{4}).(.{3})(.{12}).*/, "$1-$2-$3-a$4-$5");
      var entry = { id: id, chat: null, text: text, at: now, order: now };
      try {
        localStorage.setItem("damso-outbox:" + scope + ":" + id, JSON.stringify(entry));
      } catch (_) {
        frame.pending.push(entry);
      }
      field.value = "";
      var early = document.getElementById("damso-early");
      early.textContent += text + "\n";
      early.hidden = false;
    },
    true
  );

  addEventListener("keydown", function (event) {
    if (frame.on || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || event.target.name !== "text") return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
})();
