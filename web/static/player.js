// Plays the exact seconds of a quote, and lets a transcript follow its recording. Without it every time is a plain
// link to the sound. One <audio> is shared by all quotes of a page; a group's page uses the players it already has.

const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (h ? `${h}:${String(m).padStart(2, "0")}` : String(m).padStart(2, "0")) + `:${String(s).padStart(2, "0")}`;
};

/** Turns the links that play into buttons, because with this script that is what they are. */
function upgrade() {
  for (const link of document.querySelectorAll("a[data-play]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    Object.assign(button.dataset, link.dataset);
    button.setAttribute("aria-pressed", "false");
    button.append(...link.childNodes);
    link.replaceWith(button);
  }
}

class QuotePlayer {
  constructor() {
    this.audio = new Audio();
    this.audio.controls = true;
    this.audio.preload = "none";
    this.button = null;
    this.bar = document.createElement("div");
    this.bar.className = "playing";
    this.bar.hidden = true;
    this.words = document.createElement("p");
    this.words.setAttribute("role", "status");
    this.bar.append(this.words, this.audio);
    document.querySelector("main").append(this.bar);
    this.audio.addEventListener("timeupdate", () => this.stopAtEnd());
    this.audio.addEventListener("play", () => this.press(true));
    this.audio.addEventListener("pause", () => this.press(false));
    this.audio.addEventListener("error", () => this.fail());
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-play]");
      if (button) this.toggle(button);
    });
  }

  toggle(button) {
    if (button === this.button && !this.audio.paused) return this.audio.pause();
    const { src, start, end, title } = button.dataset;
    this.press(false);
    this.button = button;
    this.end = Number(end);
    const from = Number(start);
    const begin = () => {
      this.audio.currentTime = from;
      this.audio.play().catch((error) => error.name === "AbortError" || this.fail());
    };
    this.bar.hidden = false;
    this.words.textContent = `Playing ${title} to ${clock(this.end)}`;
    if (this.audio.dataset.src === src && this.audio.readyState > 0) return begin();
    this.audio.dataset.src = src;
    this.audio.src = src;
    this.audio.addEventListener("loadedmetadata", begin, { once: true });
    this.audio.load();
  }

  stopAtEnd() {
    if (this.button && !this.audio.paused && this.audio.currentTime >= this.end) {
      this.audio.pause();
      this.end = Infinity; // whoever presses play in the bar wants to hear how it goes on
      this.words.textContent = `${this.button.dataset.title}: the quote ends here`;
    }
  }

  press(on) {
    this.button?.setAttribute("aria-pressed", String(on));
  }

  fail() {
    this.press(false);
    this.words.textContent = "This browser cannot play this recording.";
  }
}

class Conversation {
  constructor(root) {
    this.root = root;
    this.players = [...root.querySelectorAll("audio[data-recording]")];
    this.follow = root.querySelector("[data-follow]");
    this.lines = new Map();
    for (const part of root.querySelectorAll("[data-part]")) {
      const lines = [...part.querySelectorAll(".line")];
      this.lines.set(part.dataset.part, lines.map((line) => [Number(line.dataset.start), Number(line.dataset.end), line]));
    }
    root.querySelector("[data-tools]").hidden = false;
    root.querySelector(".jump")?.remove();
    for (const player of this.players) {
      player.addEventListener("timeupdate", () => this.mark(player));
      player.addEventListener("play", () => this.players.forEach((other) => other !== player && other.pause()));
    }
    root.addEventListener("click", (event) => this.clicked(event));
    root.querySelector("[data-speed]")?.addEventListener("change", (event) =>
      this.players.forEach((player) => (player.playbackRate = Number(event.target.value))));
    root.querySelector("[data-find]").addEventListener("input", (event) => this.find(event.target.value));
    root.querySelector("[data-find]").addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.nextHit(event.shiftKey ? -1 : 1);
    });
    document.addEventListener("keydown", (event) => this.key(event));
    this.arrive();
  }

  /** `?t=` marks a line: go there, and have its player ready at that second. */
  arrive() {
    const marked = document.getElementById(this.root.dataset.marked ?? "");
    if (!marked) return;
    const player = this.playerOf(marked);
    const at = Number(this.root.dataset.at);
    const seek = () => (player.currentTime = at);
    if (player) player.readyState > 0 ? seek() : player.addEventListener("loadedmetadata", seek, { once: true });
    marked.scrollIntoView({ block: "center" });
  }

  playerOf(line) {
    const id = line.closest("[data-part]").dataset.part;
    return this.players.find((player) => player.dataset.recording === id);
  }

  clicked(event) {
    const time = event.target.closest(".time");
    if (!time || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const line = time.closest(".line");
    const player = this.playerOf(line);
    if (!player) return;
    event.preventDefault();
    this.current = player;
    player.currentTime = Number(line.dataset.start);
    player.play();
  }

  mark(player) {
    const lines = this.lines.get(player.dataset.recording) ?? [];
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lines[middle][0] <= player.currentTime + 0.05) low = middle + 1;
      else high = middle;
    }
    const line = low ? lines[low - 1][2] : null;
    if (line === this.now) return;
    this.now?.classList.remove("now");
    this.now?.removeAttribute("aria-current");
    this.now = line;
    if (!line) return;
    line.classList.add("now");
    line.setAttribute("aria-current", "true");
    if (this.follow.checked && !player.paused) line.scrollIntoView({ block: "center" });
  }

  find(text) {
    const wanted = text.trim().toLowerCase();
    this.root.classList.toggle("finding", Boolean(wanted));
    this.hits = [];
    for (const lines of this.lines.values()) {
      for (const [, , line] of lines) {
        const hit = wanted && line.querySelector(".text").textContent.toLowerCase().includes(wanted);
        line.classList.toggle("hit", Boolean(hit));
        if (hit) this.hits.push(line);
      }
    }
    this.at = -1;
    const found = this.hits.length;
    this.root.querySelector("[data-found]").textContent = wanted ? `${found} ${found === 1 ? "line" : "lines"}` : "";
    if (found) this.nextHit(1);
  }

  nextHit(step) {
    if (!this.hits?.length) return;
    this.at = (this.at + step + this.hits.length) % this.hits.length;
    this.hits[this.at].scrollIntoView({ block: "center" });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.players.length) return;
    if (event.target.closest("input, select, textarea, button, summary, audio, a")) return;
    const player = this.current ?? this.players.find((each) => !each.paused) ?? this.players[0];
    if (event.key === " ") player.paused ? player.play() : player.pause();
    else if (event.key === "ArrowLeft") player.currentTime = Math.max(0, player.currentTime - 5);
    else if (event.key === "ArrowRight") player.currentTime += 5;
    else return;
    event.preventDefault();
  }
}

upgrade();
if (document.querySelector("[data-play]")) new QuotePlayer();
const conversation = document.querySelector("[data-conversation]");
if (conversation) new Conversation(conversation);
