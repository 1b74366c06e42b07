// Photos on the phone: made small and without a word about them before they are kept, shown with a way to take each away.
(() => {
  "use strict";

  const LARGEST = 400 * 1024;
  const SIDES = [1600, 1280, 1024, 800, 640, 480];
  const QUALITIES = [0.8, 0.65, 0.5];

  function refused(code) {
    return Object.assign(new Error(code), { code });
  }

  async function opened(file) {
    // A drawing can hold scripts and has no pixels of its own.
    if (/svg|xml/.test(file.type)) throw refused("not-a-picture");
    try {
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      throw refused("not-a-picture");
    }
  }

  function drawn(bitmap, side) {
    const share = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * share));
    canvas.height = Math.max(1, Math.round(bitmap.height * share));
    const paper = canvas.getContext("2d", { alpha: false });
    if (!paper) throw refused("too-large");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.imageSmoothingQuality = "high";
    paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function encoded(canvas, type, quality) {
    return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
  }

  // The content policy lets pictures in from here and from data:, not from blob:.
  function dataUrl(bytes, type) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(new Blob([bytes], { type }));
    });
  }

  // A file → {bytes, type, width, height}: upright, at most 1600 pixels and 400 KB. Only pixels go through a canvas:
  // where, when and with what it was taken stays behind. Throws an Error with `code`.
  async function prepare(file) {
    const bitmap = await opened(file);
    try {
      let type = "image/webp";
      for (const side of SIDES) {
        const canvas = drawn(bitmap, side);
        for (const quality of QUALITIES) {
          let blob = await encoded(canvas, type, quality);
          if (blob && blob.type !== type) {
            // Safari writes no WebP: it gives a PNG, many times as large.
            type = "image/jpeg";
            blob = await encoded(canvas, type, quality);
          }
          if (!blob) throw refused("too-large");
          if (blob.size <= LARGEST) {
            const bytes = new Uint8Array(await blob.arrayBuffer());
            return { bytes, type, width: canvas.width, height: canvas.height };
          }
        }
      }
      throw refused("too-large");
    } finally {
      bitmap.close();
    }
  }

  // Gives the fieldset of templates/signals/_photos.html its life. `add(bytes, type)`, `remove(hash)` and `list()` keep
  // the photos, and may take their time; `list` gives [{hash, type, bytes()}] or [{hash, url()}]. Answers with a function that draws them anew;
  // its `stop` gives the field back to the form, on a phone that can keep nothing.
  function mount(container, { add, remove, list }) {
    const field = container.querySelector("input[type=file]");
    const shown = container.querySelector("[data-list]");
    const said = container.querySelector("[data-said]");
    const one = container.querySelector("template[data-one]");
    const most = Number(container.dataset.most);
    const say = (word) => {
      said.textContent = container.dataset[word] || "";
    };
    let working = Promise.resolve();
    // One thing after another: two quick touches must not both find room for the last photo.
    const inTurn = (work) => {
      working = working.then(work, work);
      return working;
    };

    async function draw() {
      const photos = await list();
      const rows = [];
      for (const [index, photo] of photos.entries()) {
        const row = one.content.cloneNode(true).firstElementChild;
        const picture = row.querySelector("img");
        const button = row.querySelector("button");
        picture.alt = picture.alt.replace("{n}", index + 1);
        picture.src = photo.bytes ? await dataUrl(await photo.bytes(), photo.type) : await photo.url();
        button.textContent = button.textContent.replace("{n}", index + 1);
        button.addEventListener("click", () => inTurn(() => takeAway(photo.hash)));
        rows.push(row);
      }
      shown.replaceChildren(...rows);
      shown.hidden = !rows.length;
    }

    async function takeAway(hash) {
      await remove(hash);
      await draw();
      say("removed");
      field.focus();
    }

    async function take(files) {
      let word = "added";
      for (const file of files) {
        if ((await list()).length >= most) {
          word = "tooMany";
          break;
        }
        say("busy");
        let small;
        try {
          small = await prepare(file);
        } catch (error) {
          word = error.code === "too-large" ? "tooLarge" : "notAPicture";
          continue;
        }
        try {
          await add(small.bytes, small.type);
        } catch {
          word = "notKept";
        }
      }
      await draw();
      say(word);
    }

    // What is kept here travels by itself: the form must not carry it a second time.
    const name = field.name;
    field.removeAttribute("name");
    container.classList.add("on");
    const chosen = () => {
      const files = [...field.files];
      field.value = "";
      if (files.length) inTurn(() => take(files));
    };
    field.addEventListener("change", chosen);
    const again = () => inTurn(draw);
    again.stop = () => {
      field.removeEventListener("change", chosen);
      field.name = name;
      container.classList.remove("on");
    };
    again();
    return again;
  }

  self.Signalen = self.Signalen || {};
  self.Signalen.photos = { prepare, mount };
})();
