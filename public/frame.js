// Stands in the head of the widget's page when that page is a frame, and runs before
// anything else: it takes the port that the host page offers, and keeps what is sent
// before the module runs, in the form that src/ui/live/outbox.rs reads.
(function () {
  "use strict";
  var scope = document.documentElement.dataset.outbox;
  if (!scope || parent === window) return;
  // `on` is set by the module when it takes over.
  var frame = (window.damsoFrame = { port: null, queue: [], pending: [], on: null });

  addEventListener("message", function (event) {
    // Who may be the parent is decided by frame-ancestors.
    if (event.source !== parent || !event.data || event.data.damso !== 1 || !event.ports[0]) return;
    frame.port = event.ports[0];
    frame.port.onmessage = function (message) {
      var said = message.data;
      // The page is drawn without knowing the visitor: a chat of his that goes on is not to
      // be hidden by the front door until the module comes.
      if (said.t === "hello" && said.live && said.token) document.body.dataset.stage = "chat";
      if (said.t === "closed" || said.t === "open" || said.t === "hello") window.damsoFront.open(said.t === "open" || !!said.open);
      if (frame.on) frame.on(message.data);
      else frame.queue.push(message.data);
    };
    frame.port.postMessage({ t: "ready" });
  });

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
