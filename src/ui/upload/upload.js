// Posts the files that are chosen in a field, with other fields before them. Answers
// [status, text]; null when it was stopped or the line broke.
export function upload(path, fields, input, progress, stopper) {
  const chosen = document.getElementById(input);
  return post(path, fields, chosen ? chosen.files : [], progress, stopper);
}

function post(path, fields, files, progress, stopper) {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  for (const file of files) form.append("files", file);
  return new Promise((done) => {
    // Not fetch, which does not tell how far an upload has come.
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(Math.floor((event.loaded * 100) / event.total));
    };
    request.onload = () => done([request.status, request.responseText]);
    request.onerror = request.onabort = () => done(null);
    stopper(() => request.abort());
    request.send(form);
  });
}

// How many files are chosen.
export function chosen(input) {
  const field = document.getElementById(input);
  return field ? field.files.length : 0;
}

export function clear(input) {
  const field = document.getElementById(input);
  if (field) field.value = "";
}

// ---- files that wait in the page, under numbers ----

const held = new Map();
const drawn = new Map();
let last = 0;

// The kinds of pictures that every browser draws, and that are nothing else.
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

// Whether something is dragged that has files in it.
export function carries(event) {
  return !!event.dataTransfer && event.dataTransfer.types.includes("Files");
}

// Takes what was chosen, pasted or dropped: [number, name, size] of each.
export function take(event) {
  const data = event.clipboardData || event.dataTransfer;
  // Office programs put a picture beside the text that is meant.
  if (event.clipboardData && data.getData("text/plain")) return [];
  const files = Array.from((data || event.target).files || []);
  const taken = files.map((file) => {
    held.set(++last, file);
    return [last, file.name, file.size];
  });
  if (!data) event.target.value = "";
  return taken;
}

export function forget(number) {
  held.delete(number);
  URL.revokeObjectURL(drawn.get(number));
  drawn.delete(number);
}

// The address of a picture that was taken, in this page alone and until it is forgotten; null
// for what is no picture.
export function picture(number) {
  const file = held.get(number);
  if (!file || !PICTURES.includes(file.type)) return null;
  if (!drawn.has(number)) drawn.set(number, URL.createObjectURL(file));
  return drawn.get(number);
}

export function send(path, fields, numbers, progress, stopper) {
  const files = numbers.map((number) => held.get(number)).filter(Boolean);
  return post(path, fields, files, progress, stopper);
}

// A text file of this site.
export function load(path) {
  return fetch(path).then((answer) => (answer.ok ? answer.text() : null));
}
