// The test page of a widget (src/ui/front/try_page.rs): its buttons call the commands that
// they carry, and what the widget tells is written down.
(function () {
  "use strict";
  var log = document.getElementById("try-log");
  var own = document.getElementById("try-own");
  window.damso =
    window.damso ||
    function () {
      (window.damso.q = window.damso.q || []).push(arguments);
    };

  ["ready", "open", "close", "unread", "message", "start", "end", "status", "error"].forEach(function (name) {
    window.damso("on", name, function () {
      var line = document.createElement("p");
      var values = Array.from(arguments).filter(function (value) {
        return value !== undefined;
      });
      line.textContent = [new Date().toLocaleTimeString(), name].concat(values.map(JSON.stringify)).join("  ");
      log.append(line);
      log.scrollTop = log.scrollHeight;
    });
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-call]");
    if (!button) return;
    var call = JSON.parse(button.dataset.call);
    if (call[0] === "launcher") own.hidden = !call[1];
    window.damso.apply(null, call);
  });

  document.getElementById("try-form").addEventListener("submit", function (event) {
    event.preventDefault();
    window.damso("identify", document.getElementById("try-token").value.trim() || null);
  });
})();
