// Every pair of the report becomes a viewer; pairs that lack a picture stay as they are.
for (const figure of document.querySelectorAll("figure.viewer")) {
  if (figure.querySelector("img.viewer-before") && figure.querySelector("img.viewer-after")) new Viewer(figure, { wheelNeedsFocus: true });
}
// First on the page and last in the file: in the order of the keyboard, too.
document.querySelector("header").after(document.querySelector("nav"));
