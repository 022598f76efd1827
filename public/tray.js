// What stands beside a running chat (src/ui/front/tray.rs) in a page that is open: its forms
// are sent without leaving the page, and it is drawn again when it has changed. Without this
// script the same forms lead to pages.
//
// The module is told by its socket how the tray is named now, and writes it on the body.
(function () {
  "use strict";
  var slot = document.getElementById("damso-tray");
  var said = document.getElementById("damso-tray-said");
  var url = document.currentScript.dataset.url;
  var front = window.damsoFront;
  var body = document.body;
  var late, saying, busy, saidAt = 0;

  function part(query) {
    return slot.querySelector(query);
  }

  // A window that is open: news wait, so that nothing moves under the hand.
  function opened() {
    try {
      return part(":popover-open");
    } catch (_) {}
  }

  function look() {
    // At the door there is no chat, and somebody else may stand there by now.
    var is = body.dataset.stage === "front" ? "" : body.dataset.tray;
    var drawn = part("[data-is]");
    clearTimeout(late);
    if (is === undefined || is === (drawn ? drawn.dataset.is : "") || opened() || busy) return;
    if (!is) return put("");
    front
      .fetch(url)
      .then(function (answer) {
        return answer.ok ? answer.text() : Promise.reject();
      })
      .then(function (html) {
        // What was typed meanwhile stays; an older answer is void.
        if (is !== body.dataset.tray || body.dataset.stage === "front" || opened() || busy) return look();
        var words = part("textarea");
        put(html);
        if (words && words.value !== words.defaultValue && part("textarea")) part("textarea").value = words.value;
      })
      .catch(function () {
        late = setTimeout(look, 3000);
      });
  }

  function put(html) {
    var focus = slot.contains(document.activeElement) && document.activeElement.id;
    slot.innerHTML = html;
    if (focus && part("#" + focus)) part("#" + focus).focus();
    say(part(".tray-done") || part(".place b"));
    front.look();
  }

  // To screen readers, and not more often than they can say it.
  function say(what) {
    clearTimeout(saying);
    saying = setTimeout(function () {
      saidAt = Date.now();
      said.textContent = what ? what.textContent : "";
    }, Math.max(0, saidAt + 5000 - Date.now()));
  }

  function keep(name, blob) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = decodeURIComponent(name.split("''")[1]);
    link.click();
    setTimeout(URL.revokeObjectURL, 60000, link.href);
    if (opened()) opened().hidePopover();
  }

  addEventListener(
    "submit",
    function (event) {
      var form = event.target;
      if (!slot.contains(form)) return;
      event.preventDefault();
      if (busy) return;
      busy = true;
      var fields = new URLSearchParams(new FormData(form));
      var button = event.submitter;
      if (button && button.name) fields.append(button.name, button.value);
      front
        .fetch(form.action, { method: "POST", body: fields })
        .then(function (answer) {
          var name = answer.headers.get("content-disposition");
          if (name)
            return answer.blob().then(function (blob) {
              keep(name, blob);
            });
          return answer.text().then(function (html) {
            if (!html) throw 0;
            var was = opened();
            put(html);
            // This is newer than what the socket has told so far.
            body.dataset.tray = part("[data-is]").dataset.is;
            var wrong = part("[aria-invalid]");
            if (wrong) {
              wrong.closest("[popover]").showPopover();
              wrong.focus();
            } else if (was) part("#" + was.id + "-open").focus();
          });
        })
        .catch(function () {
          if (opened()) opened().hidePopover();
          part("[role=alert]").innerHTML = '<p class="tray-alert"></p>';
          part(".tray-alert").textContent = part("[data-trouble]").dataset.trouble;
        })
        .finally(function () {
          busy = false;
          look();
        });
    },
    true
  );

  // Escape closes the window, not the whole panel with it.
  addEventListener(
    "keydown",
    function (event) {
      if (event.key === "Escape" && opened()) event.stopPropagation();
    },
    true
  );
  slot.addEventListener("toggle", look, true);
  new MutationObserver(look).observe(body, { attributes: true, attributeFilter: ["data-tray", "data-stage"] });
  look();
})();
