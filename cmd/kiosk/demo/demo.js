// The demo's page: what the camera sees goes to the kiosk in this same
// computer, and what its glass looks like comes back. Nothing goes anywhere
// else.
"use strict";

const page = document.body.dataset.page;
const at = (path, query = {}) => path + "?" + new URLSearchParams({ page, ...query });
const $ = (id) => document.getElementById(id);
const panel = $("panel"), answer = $("answer"), trouble = $("trouble");

// The glass.

function show(view) {
  panel.src = "data:image/png;base64," + view.picture;
  panel.dataset.verdict = view.shows || "";
  panel.classList.toggle("paper", !!view.paper);
  $("took").textContent = view.took || "";
  const lines = view.lines || [];
  const text = lines.map((l) => (l.label ? l.label + ": " : "") + l.text).join("\n");
  if (panel.alt === text) return; // the glass flashes, the words stay
  panel.alt = text;
  answer.dataset.tone = view.verdict || "";
  const said = $("said"), words = $("words");
  said.lang = words.lang = view.lang || "";
  said.replaceChildren(...lines.slice(0, 2).map((l) => make("p", l.text)));
  words.replaceChildren(...lines.map((l) => {
    const row = make("div");
    if (l.label) row.append(make("dt", l.label));
    row.append(make("dd", l.text));
    return row;
  }));
}

function make(name, text = "") {
  const el = document.createElement(name);
  el.textContent = text;
  return el;
}

// fit scales a small glass up by a whole number, so that its pixels stay
// square, and a large one down to what there is room for.
function fit() {
  const style = getComputedStyle($("bezel"));
  const room = $("bezel").clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const times = Math.floor(Math.min(room / panel.naturalWidth, 480 / panel.naturalHeight));
  panel.classList.toggle("whole", times >= 1);
  panel.style.width = Math.min(room, Math.max(1, times) * panel.naturalWidth) + "px";
}
panel.addEventListener("load", fit);
addEventListener("resize", fit);
fit();

function listen() {
  const views = new EventSource(at("/view"));
  views.onmessage = (e) => show(JSON.parse(e.data));
  views.onerror = () => {
    if (views.readyState === EventSource.CLOSED) say("The kiosk has stopped. Start it again and reload this page.");
  };
}

// What went wrong, in words.

function say(text) {
  trouble.textContent = text && text[0].toUpperCase() + text.slice(1) + (text.endsWith(".") ? "" : ".");
  trouble.hidden = !text;
}

async function post(path, body, query) {
  try {
    const answer = await fetch(at(path, query), { method: "POST", body });
    if (answer.ok) return true;
    say((await answer.text()).trim());
  } catch {
    say("The kiosk does not answer. Is it still running?");
  }
  return false;
}

// Badges: samples, files and texts. The last one is shown again when the
// panel, the audience or the language changes.

let last = null;

function badge(body, sample = "") {
  last = body;
  say("");
  for (const a of document.querySelectorAll(".sample")) {
    if (a.dataset.sample === sample) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  }
  $("settings").elements.sample.value = sample;
  remember();
  return sample ? post("/settings", settings()) : post("/badge", body);
}

const settings = () => new URLSearchParams(new FormData($("settings")));

function remember() {
  const query = settings();
  for (const s of $("settings").elements) {
    if (s.value === s.dataset.first || !s.value) query.delete(s.name);
  }
  history.replaceState(null, "", query.size ? "/?" + query : "/");
}

for (const s of $("settings").elements) if (s.options) s.dataset.first = s.dataset.first || s.options[0].value;

$("settings").addEventListener("change", async () => {
  remember();
  say("");
  if (await post("/settings", settings()) && last) await post("/badge", last);
});

for (const a of document.querySelectorAll(".sample")) {
  a.addEventListener("click", (e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    badge(null, a.dataset.sample);
  });
}

$("file").addEventListener("change", () => {
  if ($("file").files[0]) badge($("file").files[0]);
  $("file").value = "";
});

$("judge").addEventListener("click", () => {
  const text = $("text").value.trim();
  if (text) badge(text);
  else say("Paste a badge's text first.");
});

addEventListener("paste", (e) => {
  if (e.target === $("text")) return;
  const file = e.clipboardData.files[0], text = e.clipboardData.getData("text").trim();
  if (file || text) badge(file || text);
});

let over = 0;
addEventListener("dragenter", () => document.body.classList.toggle("dragging", ++over > 0));
addEventListener("dragleave", () => document.body.classList.toggle("dragging", --over > 0));
addEventListener("dragover", (e) => e.preventDefault());
addEventListener("drop", (e) => {
  e.preventDefault();
  over = 0;
  document.body.classList.remove("dragging");
  const file = e.dataTransfer.files[0], text = e.dataTransfer.getData("text");
  if (file || text) badge(file || text);
});

for (const b of document.querySelectorAll(".enlarge")) {
  b.addEventListener("click", () => {
    const name = b.dataset.enlarge;
    $("large-code").src = "samples/" + name + ".svg";
    $("large-title").textContent = b.parentElement.querySelector("span").textContent;
    $("large").showModal();
  });
}

// The buttons, and the keys that do the same where nothing else wants them.

const keys = { ArrowRight: "next", ArrowDown: "next", ArrowLeft: "back", ArrowUp: "back", Enter: "ok" };

$("buttons").hidden = $("holder").hidden = false;
for (const b of document.querySelectorAll("[data-press]")) {
  b.addEventListener("click", () => {
    post("/settings", new URLSearchParams({ press: b.dataset.press }));
  });
}

addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || $("large").open) return;
  const on = $("buttons").contains(e.target);
  if (!on && e.target !== document.body) return;
  if (on ? e.key === "Enter" : e.key === "ArrowDown" || e.key === "ArrowUp") return; // its own press; the page's scrolling
  const b = keys[e.key] && $("buttons").querySelector(`[data-press=${keys[e.key]}]`);
  if (!b) return;
  e.preventDefault();
  b.click();
});

// The camera: each frame as grey pixels, one at a time.

let stream = null;

async function startCamera() {
  say("");
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "environment" },
    });
  } catch (err) {
    say(err.name === "NotAllowedError" ? "The browser was not allowed to use the camera." : "No camera was found.");
    return;
  }
  last = null;
  $("video").srcObject = stream;
  await $("video").play();
  sees(true);
  watch(stream);
}

function stopCamera() {
  for (const track of stream.getTracks()) track.stop();
  stream = null;
  $("video").srcObject = null;
  sees(false);
}

function sees(on) {
  $("lens").hidden = !on;
  $("camera").setAttribute("aria-pressed", on);
  $("camera").textContent = on ? "Stop the camera" : "Use this computer's camera";
}

$("camera").addEventListener("click", () => (stream ? stopCamera() : startCamera()));

async function watch(mine) {
  const video = $("video"), canvas = new OffscreenCanvas(1, 1);
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  while (stream === mine) {
    const w = video.videoWidth, h = video.videoHeight;
    if (w && h) {
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      ctx.drawImage(video, 0, 0);
      if (!await post("/frame", grey(ctx.getImageData(0, 0, w, h).data), { w, h }) && stream === mine) return stopCamera();
    }
    await new Promise((done) => setTimeout(done, 60));
  }
}

// grey is the luma of RGBA pixels (ITU-R BT.601).
function grey(rgba) {
  const out = new Uint8Array(rgba.length / 4);
  for (let i = 0, j = 0; i < out.length; i++, j += 4) {
    out[i] = (rgba[j] * 77 + rgba[j + 1] * 150 + rgba[j + 2] * 29) >> 8;
  }
  return out;
}

listen();
