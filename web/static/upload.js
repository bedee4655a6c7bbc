// The upload form with a row per file: its own group and consent, a bar while it travels, and its own answer.
// One request per file, one after the other, to the same address the plain form posts to.

const form = document.querySelector("[data-upload]");
const input = form.querySelector("input[type=file]");
const box = form.querySelector("[data-files]");
const said = form.querySelector("[data-said]");
const drop = form.querySelector(".drop");
const stem = (name) => name.replace(/\.[^.]+$/, "");
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
let rows = [];
let sending = false;

function field(label, value, placeholder) {
  const made = document.createElement("input");
  made.value = made.dataset.given = value;
  made.placeholder = placeholder;
  made.maxLength = 200;
  made.setAttribute("aria-label", label);
  return made;
}

function add(files) {
  let list = box.querySelector("ul");
  if (!list) {
    list = document.createElement("ul");
    list.className = "files";
    box.append(list);
  }
  for (const file of files) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.className = "name";
    name.dir = "auto";
    name.textContent = file.name;
    const bytes = document.createElement("small");
    bytes.textContent = ` ${size(file.size)}`;
    name.append(bytes);
    const group = field(`Group of ${file.name}`, form.elements.group.value || stem(file.name), "group");
    const consent = field(`What the group of ${file.name} agreed to`, form.elements.consent.value, "consent");
    const status = document.createElement("p");
    status.textContent = "chosen";
    item.append(name, group, consent, status);
    list.append(item);
    rows.push({ file, group, consent, status });
  }
  said.textContent = `${rows.length} ${rows.length === 1 ? "file" : "files"} chosen. Group and consent can still be changed in each line.`;
}

function send({ file, group, consent, status }) {
  const data = new FormData();
  data.append("group", group.value);
  data.append("consent", consent.value);
  data.append("files", file, file.name);
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${file.name}: sent so far`);
  status.replaceChildren(bar);
  group.disabled = consent.disabled = true;
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const finish = (stored, message) => {
      const pill = document.createElement("span");
      pill.className = `pill ${stored ? "good" : "bad"}`;
      pill.textContent = stored ? "stored" : "not stored";
      const words = document.createElement("span");
      words.dir = "auto";
      words.textContent = ` ${message}`;
      status.replaceChildren(pill, words);
      done(stored);
    };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
      if (event.loaded === event.total) bar.removeAttribute("value"); // arrived; it is being looked into
    });
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = { error: `The viewer answered with ${request.status}.` };
      }
      const one = answer.files?.[0];
      finish(Boolean(one?.stored), one?.message ?? answer.error ?? "No answer came back.");
    });
    request.addEventListener("error", () => finish(false, "The connection broke off. Send it again."));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });
}

async function sendAll() {
  sending = true;
  let stored = 0;
  const all = rows;
  rows = [];
  for (const [number, row] of all.entries()) {
    said.textContent = `Sending ${number + 1} of ${all.length}`;
    stored += await send(row);
    document.dispatchEvent(new CustomEvent("harvest:arrived"));
  }
  said.textContent = `${stored} of ${all.length} ${all.length === 1 ? "file" : "files"} stored.`;
  sending = false;
}

/** What is typed for all files goes to every line that nobody has changed. */
function spread(name) {
  form.elements[name].addEventListener("input", (event) => {
    for (const row of rows) {
      const own = row[name];
      if (own.value !== own.dataset.given) continue;
      own.value = own.dataset.given = event.target.value || (name === "group" ? stem(row.file.name) : "");
    }
  });
}

spread("group");
spread("consent");
input.removeAttribute("required");
input.addEventListener("change", () => {
  add(input.files);
  input.value = "";
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sending) return;
  if (rows.length) sendAll();
  else said.textContent = "Choose one or more files first.";
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  add(event.dataTransfer.files);
});
window.addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});
