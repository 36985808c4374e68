// The page of restore --serve: sends photographs to the program on this machine, watches and shows what it does.
import { Brush, maskOf, noStrokes } from "./brush.js";
import { chosenOptions, say, showPhoto, showStrip, wireOptions } from "./panel.js";
import { Viewer } from "./viewer.js";

// What the page asks of the program. Every failure is an Error with a sentence for people.
const GONE = "The program that serves this page has ended. Start restore --serve again and open its new address.";

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(GONE);
  }
  if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error ?? `The program answered ${response.status}.`);
  return response.json();
}

const server = {
  photos: () => ask("photos"),
  restore: (id, options, mask) => ask(`photos/${id}/restore?${new URLSearchParams(options)}`, { method: "POST", body: mask ?? "" }),
  cancel: (id) => ask(`photos/${id}/cancel`, { method: "POST" }),
  remove: (id) => ask(`photos/${id}/delete`, { method: "POST" }),

  /// Sends a file; `progress` is told the share that is sent. By XMLHttpRequest, since fetch tells none.
  upload: (file, progress) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `photos?${new URLSearchParams({ name: file.name })}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.responseType = "json";
      request.upload.onprogress = (event) => progress(event.loaded / event.total);
      request.onload = () =>
        request.status === 201 ? resolve(request.response) : reject(new Error(request.response?.error ?? `${file.name}: the program answered ${request.status}.`));
      request.onerror = () => reject(new Error(`${file.name} could not be sent. ${GONE}`));
      request.send(file);
    }),
};

const byId = (id) => document.getElementById(id);
const WORKING = ["waiting", "restoring"];

let photos = []; // as the program last told
let limits = null;
let uploads = []; // [{id: "upload 1", name, progress, isUploading: true}], shown behind the photographs
let selectedId = null;
let shown = ""; // which pictures the viewer has
const strokes = new Map(); // id -> what was painted on it

const viewer = new Viewer(byId("viewer"));
const brush = new Brush(viewer, showBrush);

const selected = () => photos.find((photo) => photo.id === selectedId);

/// Runs what may fail; its sentence is shown.
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    say(error.message);
  }
}

async function refresh() {
  const state = await server.photos();
  photos = state.photos;
  limits = state.limits;
  byId("limits").textContent = `, up to ${limits.max_size} each`;
  if (!selected()) selectedId = photos.at(-1)?.id ?? null;
  show();
}

function show() {
  document.body.classList.toggle("is-empty", photos.length + uploads.length === 0);
  showStrip(byId("strip"), [...photos, ...uploads], selectedId, select);
  showSummary();
  const photo = selected();
  byId("viewer").hidden = document.querySelector("aside").hidden = !photo;
  if (!photo) return;
  showPhoto(photo);
  showPictures(photo);
}

function showSummary() {
  const count = (state) => photos.filter((photo) => photo.state === state).length;
  const working = count("waiting") + count("restoring");
  const fresh = photos.filter((photo) => photo.state === "ready").length;
  byId("summary").textContent = photos.length === 0 ? "" : `${photos.length} ${photos.length === 1 ? "photograph" : "photographs"}, ${count("done")} restored${working ? `, ${working} to go` : ""}`;
  byId("restore-all").hidden = fresh < 2;
  byId("restore-all").textContent = `Restore all ${fresh} new`;
}

function showPictures(photo) {
  const now = `${photo.id} ${photo.version}`;
  if (now === shown) return;
  const isSame = shown.split(" ")[0] === String(photo.id);
  shown = now;
  const picture = (name) => `photos/${photo.id}/${name}?v=${photo.version}`;
  viewer.show({
    before: `photos/${photo.id}/before.jpg`,
    after: photo.version > 0 ? picture("after.jpg") : null,
    damage: photo.has_damage ? picture("damage.png") : null,
    label: photo.name,
  }, { keepView: isSame });
  if (isSame) return;
  if (!strokes.has(photo.id)) strokes.set(photo.id, noStrokes());
  usePaint(false);
  brush.use(strokes.get(photo.id));
  showBrush();
}

function select(id) {
  selectedId = id;
  show();
}

async function add(files) {
  for (const file of files) {
    if (limits && file.size > limits.max_bytes) {
      say(`${file.name} is larger than the ${limits.max_size} that are taken.`);
      continue;
    }
    const upload = { id: `upload ${crypto.randomUUID()}`, name: file.name, file, progress: 0, isUploading: true, version: 0 };
    uploads.push(upload);
  }
  show();
  if (!add.isRunning) await sendAll();
}

/// One after the other: the order on the page is that in which they were chosen.
async function sendAll() {
  add.isRunning = true;
  while (uploads.length > 0) {
    const [upload] = uploads;
    await attempt(async () => {
      const photo = await server.upload(upload.file, (share) => {
        upload.progress = share;
        show();
      });
      selectedId ??= photo.id;
    });
    uploads.shift();
    await attempt(refresh);
  }
  add.isRunning = false;
  show();
}

async function restore(ids) {
  for (const id of ids) {
    const mask = await maskOf(strokes.get(id));
    const wanted = chosenOptions();
    if (wanted.mask === "only" && !mask) wanted.mask = "";
    await attempt(() => server.restore(id, wanted, mask));
    if (mask) strokes.get(id).isUsed = true; // they are no longer in the way of the result
  }
  usePaint(false);
  await attempt(refresh);
  watch();
}

/// Asks again and again while something is being restored.
async function watch() {
  if (watch.isRunning) return;
  watch.isRunning = true;
  try {
    while (photos.some((photo) => WORKING.includes(photo.state))) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await refresh();
    }
  } catch (error) {
    say(error.message);
  }
  watch.isRunning = false;
}

function usePaint(isPainting) {
  viewer.useBrush(isPainting ? brush : null);
  byId("paint").setAttribute("aria-pressed", String(isPainting));
  brush.canvas.hidden = !isPainting && brush.strokes.isUsed;
  const count = brush.strokes.filter((stroke) => !stroke.isErasing).length;
  byId("marks").hidden = count === 0;
  byId("marks").textContent = `${count} ${count === 1 ? "mark goes" : "marks go"} into the next result.`;
  byId("brush").hidden = byId("erase").hidden = byId("undo").hidden = byId("clear").hidden = !isPainting && brush.strokes.length === 0;
}

function showBrush() {
  byId("undo").disabled = byId("clear").disabled = brush.strokes.length === 0;
  usePaint(viewer.brush !== null);
}

function useEraser(isErasing) {
  brush.isErasing = isErasing;
  byId("erase").setAttribute("aria-pressed", String(isErasing));
  if (isErasing) usePaint(true);
}

function wireBrush() {
  byId("paint").addEventListener("click", () => {
    const isPainting = viewer.brush !== null && !brush.isErasing;
    useEraser(false);
    usePaint(!isPainting);
    if (!isPainting) byId("viewer").scrollIntoView({ block: "nearest" }); // on a phone the form is far below it
  });
  byId("erase").addEventListener("click", () => useEraser(!brush.isErasing));
  byId("undo").addEventListener("click", () => brush.undo());
  byId("clear").addEventListener("click", () => brush.clear());
  byId("size").addEventListener("input", (event) => {
    brush.size = Number(event.target.value);
    brush.placed();
  });
  document.addEventListener("keydown", (event) => {
    if (viewer.brush && event.key === "z" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      brush.undo();
    }
    if (viewer.brush && event.key === "Escape") usePaint(false);
  });
}

function wireDrop() {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    event.preventDefault(); // a file dropped beside the target would replace the page
    byId("drop").hidden = !hasFiles(event);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) byId("drop").hidden = true;
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    byId("drop").hidden = true;
    add([...event.dataTransfer.files]);
  });
}

function wire() {
  for (const id of ["add", "choose"]) byId(id).addEventListener("click", () => byId("files").click());
  byId("files").addEventListener("change", (event) => {
    add([...event.target.files]);
    event.target.value = ""; // the same file can be chosen again
  });
  byId("options").addEventListener("submit", (event) => {
    event.preventDefault();
    restore([selectedId]);
  });
  byId("restore-all").addEventListener("click", () => restore(photos.filter((photo) => photo.state === "ready").map((photo) => photo.id)));
  byId("cancel").addEventListener("click", () => attempt(() => server.cancel(selectedId).then(refresh)));
  byId("delete").addEventListener("click", () => {
    strokes.delete(selectedId);
    attempt(() => server.remove(selectedId).then(refresh));
  });
  wireOptions();
  wireBrush();
  wireDrop();
}

wire();
attempt(async () => {
  await refresh();
  watch();
});
