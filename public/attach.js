// Files in the customer's chat (src/ui/front/attach.rs): chosen, pasted or dropped ones are
// sent at once, each as a message of its own. Without this script the form sends them.
(function () {
  "use strict";
  var form = document.querySelector("form.attach");
  if (!form) return;
  var texts = form.dataset;
  var list = form.querySelector("ul");
  var status = form.querySelector("[role=status]");
  form.classList.add("live");

  function make(parent, name, text) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    parent.append(made);
    return made;
  }

  function uuid() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return Array.from(bytes, function (byte, n) {
      return (n === 4 || n === 6 || n === 8 || n === 10 ? "-" : "") + (byte + 256).toString(16).slice(1);
    }).join("");
  }

  function add(file) {
    // The same for every try, so that it is stored once.
    var id = uuid();
    var row = make(list, "li");
    make(row, "b", file.name);
    var bar = make(row, "progress");
    var why = make(row, "span");
    var again = make(row, "button", texts.retry);
    var stop = make(row, "button", texts.cancel);
    again.type = stop.type = "button";
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    var request;

    function fail(text, mayRetry) {
      request = null;
      row.className = "failed";
      bar.hidden = true;
      why.textContent = status.textContent = file.name + ": " + text;
      again.hidden = !mayRetry;
      stop.textContent = texts.remove;
    }

    function send() {
      row.className = why.textContent = "";
      bar.hidden = false;
      bar.removeAttribute("value");
      again.hidden = true;
      stop.textContent = texts.cancel;
      var body = new FormData();
      body.append("client_id", id);
      body.append("lang", form.lang.value);
      body.append("files", file);
      request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("accept", "application/json");
      var token = window.damsoFront && window.damsoFront.token;
      if (token) request.setRequestHeader("authorization", "Bearer " + token);
      request.upload.onprogress = function (event) {
        bar.value = event.loaded / event.total;
      };
      request.onload = function () {
        if (request.status < 300) {
          row.remove();
          status.textContent = file.name + ": " + texts.sent;
          return;
        }
        var code = request.status;
        var problem;
        try {
          problem = JSON.parse(request.response).detail[0].problem;
        } catch (_) {}
        fail(texts[problem] || (code === 409 ? texts.refused : texts.failed), !problem && code !== 409);
      };
      request.onerror = function () {
        fail(texts.failed, true);
      };
      request.send(body);
    }

    again.onclick = send;
    stop.onclick = function () {
      if (request) request.abort();
      row.remove();
      form.querySelector("input[type=file]").focus();
    };
    if (file.size > texts.max) fail(texts.file_too_large);
    else send();
  }

  function take(files) {
    if (document.body.dataset.stage === "chat") Array.from(files).forEach(add);
  }

  // The module says the desk's words (src/ui/widget/view.rs) and knows nothing of files: these
  // are said here. What stands before the first message that was here is no news.
  var lines = document.querySelector(".lines");
  var known = new Set();
  function hear() {
    var before = known;
    var isNews;
    known = new Set(lines.querySelectorAll("article"));
    known.forEach(function (article) {
      if (before.has(article)) isNews = true;
      else if (isNews && !article.matches(".mine")) {
        var names = Array.from(article.querySelectorAll(".file-name, .file img"), function (name) {
          return name.alt || name.textContent;
        });
        if (names.length) status.textContent = article.getAttribute("aria-label") + ": " + names.join(", ");
      }
    });
  }
  new MutationObserver(hear).observe(lines, { childList: true });
  hear();

  form.addEventListener("change", function (event) {
    take(event.target.files);
    event.target.value = "";
  });
  document.addEventListener("paste", function (event) {
    var data = event.clipboardData;
    // Office programs put a picture beside the text that is meant.
    if (!data.files.length || data.getData("text/plain")) return;
    event.preventDefault();
    take(data.files);
  });
  ["dragover", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var data = event.dataTransfer;
      if (!data.types.includes("Files")) return;
      event.preventDefault();
      if (name === "drop") take(data.files);
    });
  });
})();
