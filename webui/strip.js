// The small pictures below the photograph: which there are, how far each is, which is looked at.

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
