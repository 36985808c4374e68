// What stands beside and below the photograph: what it is, how far it is, what was found; the form that says what to do;
// the small pictures of all.

const byId = (id) => document.getElementById(id);
const STATES = { waiting: "Waiting for those before it", restoring: "Restoring" };

export function showPhoto(photo) {
  const isWorking = photo.state === "waiting" || photo.state === "restoring";
  byId("name").textContent = photo.name;
  byId("details").textContent = `${photo.width} × ${photo.height} pixels, ${photo.bytes}`;
  byId("working").hidden = !isWorking;
  byId("progress").value = photo.state === "restoring" ? photo.progress : 0;
  byId("state").textContent = (STATES[photo.state] ?? "") + (photo.state === "restoring" ? ` ${Math.round(100 * photo.progress)}%` : "");
  byId("problem").hidden = photo.state !== "failed";
  byId("problem").textContent = photo.message;
  const download = byId("download");
  download.hidden = photo.version === 0;
  if (photo.version > 0) {
    download.href = `photos/${photo.id}/result`;
    download.download = photo.result_name;
  }
  byId("restore").disabled = isWorking;
  byId("restore").className = photo.version > 0 ? "quiet" : "main"; // one button is the next thing to do
  byId("restore").textContent = photo.version > 0 ? "Restore again" : "Restore";
  showFindings(photo);
}

function showFindings(photo) {
  byId("findings").hidden = photo.version === 0;
  if (photo.version === 0) return;
  byId("facts").replaceChildren(...photo.facts.map(([label, text]) => {
    const row = document.createElement("div");
    row.appendChild(document.createElement("dt")).textContent = label;
    row.appendChild(document.createElement("dd")).textContent = text;
    return row;
  }));
  byId("notes").replaceChildren(...photo.notes.map((note) => {
    const entry = document.createElement("li");
    entry.textContent = note;
    return entry;
  }));
}

/// Beside the slider: how much of the photograph is taken for damage. `share` is undefined until that is known; above
/// `much` it is doubtful.
export function showFound(view, { isRepaired, sensitivity, share, much }) {
  const isKnown = isRepaired && share !== undefined;
  const percent = isKnown ? `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)}% of the picture` : "";
  const isMuch = isKnown && share > much;
  byId("found-damage").disabled = !isRepaired;
  byId("sensitivity").setAttribute("aria-valuetext", `${sensitivity > 0 ? "+" : ""}${sensitivity}${isKnown ? `, ${percent}` : ""}`);
  byId("found").classList.toggle("is-much", isMuch);
  byId("found").textContent = isMuch ? `${percent}. So much is seldom damage: it may be text, a border or a printed pattern. Move to less.`
    : isKnown ? percent
    : view === "pending" && isRepaired ? "Looking for damage…" : "";
}

/// What the form says, as the program wants it.
export function chosenOptions() {
  const form = byId("options").elements;
  return {
    tasks: ["denoise", "inpaint", "colourise"].filter((task) => form[task].checked).join(","),
    strength: form.strength.value === "auto" ? "auto" : String(byId("amount").value / 100),
    colours: form.colourise.checked && form.keep.checked ? "keep" : "",
    mask: form.only.checked ? "only" : "",
  };
}

/// What depends on what in the form. Moving the slider chooses it.
export function wireOptions() {
  const form = byId("options"), slider = byId("amount");
  form.addEventListener("change", () => {
    form.elements.keep.disabled = !form.elements.colourise.checked;
    form.classList.toggle("is-auto", form.elements.strength.value === "auto");
  });
  slider.addEventListener("input", () => {
    byId("percent").textContent = `${slider.value}%`;
    form.elements.strength.value = "chosen";
    form.classList.remove("is-auto");
  });
}

/// A sentence on top of the page until it is sent away.
export function say(text) {
  const same = [...byId("messages").children].some((message) => message.firstChild.textContent === text);
  if (same) return;
  const message = document.createElement("div");
  message.className = "message";
  message.appendChild(document.createElement("span")).textContent = text;
  const close = message.appendChild(document.createElement("button"));
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", "Close this message");
  close.addEventListener("click", () => message.remove());
  byId("messages").append(message);
}

const BADGES = { waiting: "waiting", failed: "failed", cancelled: "cancelled", ready: "new" };

function item(photo, select) {
  const entry = document.createElement("li");
  const button = entry.appendChild(document.createElement("button"));
  button.type = "button";
  button.addEventListener("click", () => select(photo.id));
  const image = button.appendChild(document.createElement("img"));
  image.alt = "";
  const badge = button.appendChild(document.createElement("span"));
  badge.className = "badge";
  const bar = button.appendChild(document.createElement("span"));
  bar.className = "bar";
  return entry;
}

function update(entry, photo, isSelected) {
  const [image, badge, bar] = entry.querySelector("button").children;
  const source = photo.isUploading ? "" : `photos/${photo.id}/thumb.jpg?v=${photo.version}`;
  if (source && image.getAttribute("src") !== source) image.src = source;
  const percent = `${Math.round(100 * photo.progress)}%`;
  const isMoving = photo.isUploading || photo.state === "restoring";
  badge.textContent = photo.isUploading ? `sending ${percent}` : isMoving ? percent : (BADGES[photo.state] ?? "");
  badge.hidden = !badge.textContent;
  bar.hidden = !isMoving;
  bar.style.width = percent;
  const button = entry.querySelector("button");
  button.disabled = Boolean(photo.isUploading);
  button.title = photo.name;
  button.setAttribute("aria-label", `${photo.name}, ${badge.textContent || photo.state}`);
  button.setAttribute("aria-current", String(isSelected));
}

/// Brings `list` to `photos`; elements stay, so that focus and scrolling do.
export function showStrip(list, photos, selectedId, select) {
  const existing = new Map([...list.children].map((entry) => [entry.dataset.id, entry]));
  photos.forEach((photo, index) => {
    const key = String(photo.id);
    const entry = existing.get(key) ?? item(photo, select);
    existing.delete(key);
    entry.dataset.id = key;
    update(entry, photo, photo.id === selectedId);
    if (list.children[index] !== entry) list.insertBefore(entry, list.children[index] ?? null);
  });
  existing.forEach((entry) => entry.remove());
}
