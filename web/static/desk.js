// Keeps the event desk fresh while something is at work: asks for the rows and swaps those that changed. A row that
// somebody is just using is left alone until the next round.

const body = document.querySelector("[data-desk]");
const summary = document.querySelector("[data-summary]");
const search = document.querySelector("[data-search]");
const PAUSE = 2500;
const shown = new Map();
let timer = null;

function swap(element, html) {
  if (element.contains(document.activeElement) || shown.get(element) === html) return;
  element.innerHTML = html; // made by the server's own templates, which escape everything
  shown.set(element, html);
}

function rowFrom(html) {
  const table = document.createElement("tbody");
  table.innerHTML = html;
  return table.querySelector("tr");
}

function showRows(rows) {
  const known = new Map([...body.children].map((row) => [row.dataset.row, row]));
  for (const [id, html] of rows) {
    const old = known.get(String(id));
    known.delete(String(id));
    if (old && (shown.get(String(id)) === html || old.contains(document.activeElement))) continue;
    shown.set(String(id), html);
    old ? old.replaceWith(rowFrom(html)) : body.append(rowFrom(html));
  }
  for (const gone of known.values()) gone.remove();
  body.closest("table").hidden = rows.length === 0;
}

async function refresh() {
  clearTimeout(timer);
  try {
    const answer = await fetch(body.dataset.desk, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const desk = await answer.json();
    showRows(desk.rows);
    swap(summary, desk.summary);
    swap(search, desk.search);
    if (desk.busy) timer = setTimeout(refresh, PAUSE);
  } catch {
    timer = setTimeout(refresh, 4 * PAUSE);
  }
}

if ("busy" in body.dataset) timer = setTimeout(refresh, PAUSE);
document.addEventListener("harvest:arrived", refresh);
