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

export const server = {
  photos: () => ask("photos"),
  restore: (id, treatment, mask) => ask(`photos/${id}/restore?${new URLSearchParams(treatment)}`, { method: "POST", body: mask ?? "" }),
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
