// Posts the files that are chosen in a field, with other fields before them. Answers
// [status, text]; null when it was stopped or the line broke.
export function upload(path, fields, input, progress, stopper) {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const chosen = document.getElementById(input);
  for (const file of chosen ? chosen.files : []) form.append("files", file);
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
