// The form of the screen: what is typed as a record, and a record back into the form.
(function (scope) {
  "use strict";
  const MANY = ["theme", "suggested", "groups", "barriers"];
  const YES = ["sensitive", "on_behalf", "quote", "publish", "as_it_is"];
  const LEFT_OUT = ["key", "csrf_token", "photos", "another", "organisation", "overruled"];
  const REMEMBERED = ["district", "language", "groups"];
  const STORE = "signalen.last"; // codes only, never words

  function fields(form) {
    const data = new FormData(form);
    const found = {};
    for (const name of new Set(data.keys())) {
      if (LEFT_OUT.includes(name)) continue;
      const values = data.getAll(name).filter((value) => typeof value === "string" && value !== "");
      if (!values.length) continue;
      found[name] = MANY.includes(name) ? values : YES.includes(name) ? true : values[0];
    }
    return found;
  }

  function record(form, key) {
    const data = new FormData(form);
    const whole = { key, organisation: data.get("organisation") || null, again_of: form.dataset.again || null };
    return { ...whole, overruled: data.getAll("overruled").filter(Boolean), fields: fields(form) };
  }

  // The form as it opens: empty, with what was remembered of the last time.
  function clear(form) {
    form.reset();
    form.elements.text.value = "";
    delete form.dataset.again;
    for (const [name, value] of Object.entries(last())) set(form, name, value);
  }

  function fill(form, whole) {
    clear(form);
    for (const name of REMEMBERED) set(form, name, MANY.includes(name) ? [] : "");
    for (const [name, value] of Object.entries(whole.fields || {})) set(form, name, value);
    if (whole.organisation) set(form, "organisation", whole.organisation);
    if (whole.again_of) form.dataset.again = whole.again_of;
    for (const fold of form.querySelectorAll("details.more")) {
      fold.open ||= [...fold.querySelectorAll("input")].some((each) => each.checked && each.value && each.name !== "kind");
    }
  }

  function set(form, name, value) {
    const values = [value].flat().map(String);
    for (const each of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (each.type === "checkbox" || each.type === "radio") each.checked = values.includes(each.value);
      else if (each.type !== "file") each.value = values[0] ?? "";
    }
    if (name === "district" && value) forward(form, String(value));
  }

  // The place of last time stands in front; the others are one tap further.
  function forward(form, code) {
    const box = form.querySelector("#f-district");
    const chosen = box?.querySelector(`input[value="${CSS.escape(code)}"]`)?.closest("label");
    const front = box?.querySelector("[data-first]");
    if (!chosen || chosen.parentElement === front) return;
    box.querySelector("[data-rest]").prepend(...front.children);
    front.append(chosen);
    box.querySelector("details").open = false;
  }

  function remember(whole) {
    const kept = Object.fromEntries(REMEMBERED.map((name) => [name, whole.fields[name]]).filter(([, value]) => value));
    try {
      scope.localStorage.setItem(STORE, JSON.stringify(kept));
    } catch {
      // Nothing is remembered where the browser keeps nothing.
    }
  }

  function last() {
    try {
      return JSON.parse(scope.localStorage.getItem(STORE)) || {};
    } catch {
      return {};
    }
  }

  function forget() {
    try {
      scope.localStorage.removeItem(STORE);
    } catch {
      // Nothing was kept.
    }
  }

  scope.Signalen.draft = { record, clear, fill, remember, forget };
})(self);
