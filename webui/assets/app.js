// The page of restore --serve: sends photographs to the program on this machine, watches and shows what it does.
import { Brush, maskOf, noStrokes } from "./brush.js";
import { FoundDamage } from "./found.js";
import { chosenOptions, say, showFound, showPhoto, showStrip, wireOptions } from "./panel.js";
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
let damageScale = null; // what the levels of found damage mean
let uploads = []; // [{id: "upload 1", name, progress, isUploading: true}], shown behind the photographs
let selectedId = null;
let shown = ""; // which pictures the viewer has
let found = null; // {id, damage}: the FoundDamage of the photograph that is shown, once it is there
const isDamageLaid = { fresh: true, restored: false }; // over a photograph without a result, and with one
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
  if (!limits) byId("sensitivity").value = state.damage.sensitivity;
  limits = state.limits;
  damageScale = state.damage;
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
  attempt(() => findDamage(photo));
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
  if (isSame) isDamageLaid.restored = false; // a new result is seen first
  const picture = (name) => `photos/${photo.id}/${name}?v=${photo.version}`;
  viewer.show({
    before: `photos/${photo.id}/before.jpg`,
    after: photo.version > 0 ? picture("after.jpg") : null,
    damage: photo.has_damage ? picture("damage.png") : null,
    label: photo.name,
  }, { keepView: isSame });
  viewer.showDamage(isDamageLaid[stage(photo)]);
  if (isSame) return;
  if (!strokes.has(photo.id)) strokes.set(photo.id, noStrokes());
  usePaint(false);
  brush.use(strokes.get(photo.id));
  showBrush();
}

const stage = (photo) => (photo.version > 0 ? "restored" : "fresh");
const sensitivity = () => Number(byId("sensitivity").value);

/// Is damage repaired that no person marked?
function repairsFound() {
  const form = byId("options").elements;
  return form.inpaint.checked && !(form.only.checked && brush.strokes.length > 0);
}

/// Brings the damage that was found in a photograph, and lays it over.
async function findDamage(photo) {
  if (photo.view === "made" && found?.id !== photo.id) {
    const coming = (found = { id: photo.id, damage: null });
    layFound(); // the one before does not stay meanwhile
    const damage = await FoundDamage.load(`photos/${photo.id}/found.png`, damageScale);
    if (found !== coming) return; // another photograph was chosen meanwhile
    coming.damage = damage;
  }
  layFound();
}

/// What the slider says; a result that was made so shows its own damage.
function layFound() {
  const photo = selected();
  if (!photo) return;
  const damage = found?.id === photo.id ? found.damage : null;
  const isOfResult = photo.version > 0 && photo.sensitivity === sensitivity();
  const isLaid = damage !== null && repairsFound() && !isOfResult;
  if (isLaid) damage.draw(sensitivity());
  viewer.layOver(isLaid ? damage.canvas : null);
  showFound(photo.view, {
    isRepaired: repairsFound(), sensitivity: sensitivity(), share: damage?.share(sensitivity()), much: damageScale.much,
  });
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
    watch();
  }
  add.isRunning = false;
  show();
}

async function restore(ids) {
  for (const id of ids) {
    const mask = await maskOf(strokes.get(id));
    const wanted = chosenOptions();
    if (wanted.mask === "only" && !mask) wanted.mask = "";
    if (wanted.mask !== "only" && wanted.tasks.includes("inpaint")) wanted.sensitivity = String(sensitivity());
    await attempt(() => server.restore(id, wanted, mask));
    if (mask) strokes.get(id).isUsed = true; // they are no longer in the way of the result
  }
  usePaint(false);
  await attempt(refresh);
  watch();
}

/// Asks again and again while something is being looked at or restored.
async function watch() {
  if (watch.isRunning) return;
  watch.isRunning = true;
  try {
    while (photos.some((photo) => WORKING.includes(photo.state) || photo.view === "pending")) {
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
  layFound();
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

function wireDamage() {
  viewer.toggled = (isLaid) => (isDamageLaid[stage(selected())] = isLaid);
  byId("sensitivity").addEventListener("input", () => {
    isDamageLaid[stage(selected())] = true;
    viewer.showDamage(true);
    layFound();
  });
  byId("options").addEventListener("change", layFound);
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
  wireDamage();
  wireDrop();
}

wire();
attempt(async () => {
  await refresh();
  watch();
});
