// The form of the screen: what is typed as a record, a record back into the form, and what is remembered of the last time.
(function (scope) {
  "use strict";
  const MANY = ["theme", "suggested", "groups", "barriers"];
  const YES = ["sensitive", "on_behalf", "quote", "publish", "as_it_is"];
  const LEFT_OUT = ["key", "csrf_token", "photos", "another", "organisation", "overruled"];
  const USUAL = { hears_back: "worker", kind: "signaal" };
  const STORE = "signalen.last"; // per person: codes only, never words
  const PLACES = 3;

  function fields(form) {
    const data = new FormData(form);
    const found = {};
    for (const name of new Set(data.keys())) {
      if (LEFT_OUT.includes(name)) continue;
      const values = data.getAll(name).filter((value) => typeof value === "string" && value.trim() !== "");
      if (!values.length) continue;
      found[name] = MANY.includes(name) ? [...new Set(values)] : YES.includes(name) ? true : values[0];
    }
    return found;
  }

  function record(form, key) {
    const data = new FormData(form);
    const whole = { key, organisation: data.get("organisation") || null, again_of: form.dataset.again || null };
    return { ...whole, overruled: data.getAll("overruled").filter(Boolean), fields: fields(form) };
  }

  function wipe(form) {
    for (const each of form.elements) {
      if (each.name === "csrf_token" || each.type === "file" || each.type === "submit") continue;
      if (each.type === "checkbox" || each.type === "radio") each.checked = each.defaultChecked = false;
      else if (each.tagName === "SELECT") each.selectedIndex = 0;
      else if ("defaultValue" in each) each.value = each.defaultValue = "";
    }
    delete form.dataset.again;
    for (const [name, value] of Object.entries(USUAL)) set(form, name, value);
    for (const fold of form.querySelectorAll("details")) fold.open = false;
  }

  // The form as it opens: empty, with what was remembered of the last time. `language`: of who never wrote here.
  function clear(form, who, language) {
    const last = lastOf(who);
    wipe(form);
    set(form, "language", last.language || language);
    if (last.organisation) set(form, "organisation", last.organisation);
    arrange(form, "district", last.districts || []);
    arrange(form, "groups", last.groups || []);
    if (last.districts?.length) set(form, "district", last.districts[0]);
    if (last.groups?.length) set(form, "groups", last.groups);
    for (const name of ["district", "groups"]) {
      const hint = form.querySelector(`[data-picks="${name}"] [data-as-last]`);
      hint.hidden = !form.querySelector(`[name="${name}"]:checked`);
    }
  }

  function fill(form, whole, who, language) {
    const { district, groups = [], ...others } = whole.fields || {};
    clear(form, who, language);
    set(form, "district", []);
    set(form, "groups", []);
    arrange(form, "district", [...new Set([district, ...(lastOf(who).districts || [])])].filter(Boolean));
    arrange(form, "groups", [...new Set([...groups, ...(lastOf(who).groups || [])])]);
    for (const [name, value] of Object.entries({ district: district || [], groups, ...others })) set(form, name, value);
    if (whole.organisation) set(form, "organisation", whole.organisation);
    if (whole.again_of) form.dataset.again = whole.again_of;
    for (const hint of form.querySelectorAll("[data-as-last]")) hint.hidden = true;
    for (const fold of form.querySelectorAll("details")) fold.open = filled(fold);
  }

  function filled(fold) {
    return [...fold.querySelectorAll("input")].some((each) =>
      ["checkbox", "radio"].includes(each.type) ? each.checked && each.value !== USUAL[each.name] : each.type !== "file" && each.value,
    );
  }

  function set(form, name, value) {
    const values = [value].flat().map(String);
    for (const each of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (each.type === "checkbox" || each.type === "radio") each.checked = values.includes(each.value);
      else if (each.tagName !== "SELECT" || [...each.options].some((option) => option.value === values[0])) each.value = values[0] ?? "";
    }
  }

  // The codes of last time stand in front; the others are one tap further.
  function arrange(form, name, codes) {
    const box = form.querySelector(`[data-picks="${name}"]`);
    const labels = [...box.querySelectorAll("label")];
    const code = (label) => label.querySelector("input").value;
    labels.sort((a, b) => a.dataset.place - b.dataset.place);
    const known = codes.filter((each) => labels.some((label) => code(label) === each));
    const usual = "folded" in box.dataset ? [] : labels.map(code);
    const front = known.length ? known : usual;
    const details = box.querySelector("[data-others]");
    box.querySelector("[data-first]").replaceChildren(...front.map((each) => labels.find((label) => code(label) === each)));
    box.querySelector("[data-rest]").replaceChildren(...labels.filter((label) => !front.includes(code(label))));
    details.hidden = front.length === labels.length;
  }

  function remember(whole, who) {
    const all = everything();
    const last = all[who] || {};
    const { district, groups, language } = whole.fields;
    const districts = [...new Set([district, ...(last.districts || [])].filter(Boolean))].slice(0, PLACES);
    // Who says nothing of groups or places says nothing of the next ones either; the same worry again changes nothing here.
    all[who] = { districts, groups: groups || [], language, organisation: whole.organisation };
    try {
      scope.localStorage.setItem(STORE, JSON.stringify(all));
    } catch {
      // Nothing is remembered where the browser keeps nothing.
    }
  }

  // The first time on this phone: what the page says of the last time, which the server knows.
  function begin(form, who) {
    if (everything()[who]) return;
    const district = form.querySelector("[name=district]:checked")?.value;
    if (district) remember({ fields: { district, language: form.elements.language.value }, organisation: null }, who);
  }

  function everything() {
    try {
      return JSON.parse(scope.localStorage.getItem(STORE)) || {};
    } catch {
      return {};
    }
  }

  function lastOf(who) {
    return everything()[who] || {};
  }

  // ---- is it complete? ----
  function wrong(field, message) {
    field.dataset.about ??= field.getAttribute("aria-describedby") || "";
    message.hidden = false;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.dataset.about} ${message.id}`.trim());
    for (let at = field.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    field.focus();
    return false;
  }

  function right(field) {
    if (!field.hasAttribute("aria-invalid")) return;
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", field.dataset.about || "");
    messageOf(field).hidden = true;
  }

  function messageOf(field) {
    return document.getElementById(field.name === "text" ? "e-text" : `m-${field.name}`);
  }

  // Says at the field itself what is missing; false when it cannot be sent like this.
  function complete(form) {
    const { text, agreed_how: how, on_behalf: behalf, happened_on: day } = form.elements;
    if (!text.value.trim() && !form.dataset.again) return wrong(text, messageOf(text));
    if (behalf.checked && !how.value.trim()) return wrong(how, messageOf(how));
    if (day.value && day.value > day.max) return wrong(day, messageOf(day));
    return true;
  }

  scope.Signalen = scope.Signalen || {};
  scope.Signalen.draft = { record, begin, clear, fill, remember, complete, right };
})(self);
