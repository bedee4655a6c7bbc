// The form in which a topic is proposed: asks for what others said while somebody types, and puts it beside the fields.
// Without this script a button posts the form and brings the same.

const form = document.querySelector("[data-brief]");
const box = form.querySelector("[data-evidence]");
const said = form.querySelector("[data-said]");
const WAIT = 700;
let timer = 0;
let asked = null;
let last = typed();

function typed() {
  return ["title", "challenge", "matters"].map((name) => form.elements[name].value.trim()).join("\n");
}

/** Puts the answer in place; whoever is in the middle of it stays where they are. */
function show(text) {
  const here = box.contains(document.activeElement) ? document.activeElement : null;
  const key = here && (here.id ? `#${CSS.escape(here.id)}` : here.name ? `[name="${here.name}"][value="${here.value}"]` : "");
  const choice = form.elements.theme?.value;
  box.innerHTML = text;
  const again = choice !== undefined && [...box.querySelectorAll("[name=theme]")].find((each) => each.value === choice);
  if (again) again.checked = true;
  if (key) box.querySelector(key)?.focus();
  said.textContent = box.querySelector("[data-summary]")?.dataset.summary ?? "";
}

async function look() {
  const now = typed();
  if (now === last) return;
  last = now;
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(form.dataset.brief, { method: "POST", body: new FormData(form), signal: asked.signal });
    if (answer.ok && !answer.redirected) show(await answer.text());
  } catch {
    // Stopped for a newer question, or no connection: what stands there stays, and the form works without it.
  }
}

form.querySelector("[data-see]").hidden = true;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
});
