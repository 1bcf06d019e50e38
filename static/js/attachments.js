// Images beside the message box: chosen, pasted or dropped, listed with a small picture, taken out again. The file
// input holds them, so that the form sends them as it would without scripts; the server has the last word on each.
const say = (words, name) => words.replace("{name}", () => name);

// Whether it is the same file of the same disk, chosen once more.
const isSame = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

function size(bytes) {
  const [number, unit] = bytes < 1 << 20 ? [Math.max(1, Math.round(bytes / 1024)), "KB"] : [bytes / (1 << 20), "MB"];
  return `${number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}`;
}

// A picture of a file, drawn: the page's policy allows no addresses but our own.
function picture(file) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 80;
  canvas.setAttribute("aria-hidden", "true");
  createImageBitmap(file).then((image) => {
    const scale = Math.max(80 / image.width, 80 / image.height);
    const [width, height] = [image.width * scale, image.height * scale];
    canvas.getContext("2d").drawImage(image, (80 - width) / 2, (80 - height) / 2, width, height);
    image.close();
  }, () => canvas.remove());
  return canvas;
}

export function attachments() {
  const form = document.getElementById("composer");
  const input = document.getElementById("images");
  if (!form || !input) return;
  const list = document.getElementById("attached");
  const error = document.getElementById("composer-error");
  const note = document.getElementById("images-note");
  const said = document.getElementById("images-said");
  const words = list.dataset;
  const types = input.accept.split(",");
  let files = [...input.files];
  let sent = [];
  form.dataset.scripted = "";

  const refuse = (text) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    error.replaceChildren(paragraph);
  };

  // The model that is known not to see images, if it is the chosen one.
  const blind = () => {
    const picker = document.getElementById("model");
    const chosen = picker ? picker.selectedOptions[0] : document.getElementById("only-model");
    return chosen?.dataset.images === "no" ? (chosen.dataset.model ?? chosen.textContent) : null;
  };

  function warn() {
    const model = blind();
    const text = model ? words.blind.replace("{model}", () => model) : "";
    if (note.textContent === text) return;
    note.textContent = text;
    said.textContent = text;
  }

  function item(file) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = file.name;
    const bytes = document.createElement("span");
    bytes.className = "size";
    bytes.textContent = size(file.size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "quiet";
    remove.textContent = words.remove;
    remove.setAttribute("aria-label", say(words.removeNamed, file.name));
    remove.addEventListener("click", () => {
      const place = files.indexOf(file);
      files.splice(place, 1);
      row.remove();
      show();
      said.textContent = say(words.removed, file.name);
      // To the one that took its place, else to the last, else to where one attaches.
      const left = list.querySelectorAll("button");
      (left[Math.min(place, left.length - 1)] ?? input).focus();
    });
    row.append(picture(file), name, bytes, remove);
    return row;
  }

  // Brings the input in line with the list.
  function show() {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    list.hidden = !files.length;
  }

  function add(incoming) {
    error.replaceChildren();
    const names = [];
    for (const file of incoming) {
      const together = files.reduce((sum, other) => sum + other.size, file.size);
      if (files.some((other) => isSame(other, file))) continue;
      if (!types.includes(file.type)) refuse(say(words.unreadable, file.name));
      else if (file.size > Number(words.each)) refuse(say(words.large, file.name));
      else if (files.length >= Number(words.count)) refuse(words.many);
      else if (together > Number(words.together)) refuse(words.much);
      else {
        files.push(file);
        list.append(item(file));
        names.push(file.name);
      }
    }
    show();
    if (names.length) said.textContent = say(words.added, names.join(", "));
  }

  input.addEventListener("change", () => add([...input.files]));
  form.addEventListener("paste", (event) => {
    const { files: pasted, types: kinds } = event.clipboardData;
    // Text that is copied with a picture of itself is meant as text.
    if (!pasted.length || kinds.includes("text/plain")) return;
    event.preventDefault();
    add([...pasted]);
  });

  // Dropped anywhere: a browser would leave the page for the file otherwise.
  const isDrag = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!isDrag(event)) return;
    event.preventDefault();
    form.dataset.drop = "";
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) delete form.dataset.drop;
  });
  document.addEventListener("drop", (event) => {
    if (!isDrag(event)) return;
    event.preventDefault();
    delete form.dataset.drop;
    add([...event.dataTransfer.files]);
  });

  form.addEventListener("submit", (event) => {
    const model = blind();
    if (files.length && model) {
      event.preventDefault();
      event.stopImmediatePropagation();
      refuse(words.unseen.replace("{model}", () => model));
      return;
    }
    sent = [...files];
  }, true);
  // What was sent is gone from the list; what came in between stays.
  document.addEventListener("sayso:sent", () => {
    files = files.filter((file) => !sent.includes(file));
    list.replaceChildren(...files.map(item));
    show();
  });

  form.addEventListener("change", warn);
  list.replaceChildren(...files.map(item));
  show();
  warn();
}
