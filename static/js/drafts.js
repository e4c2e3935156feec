/* Nothing that was typed is lost to a refusal, an expired session or a broken line.

   A form with data-keep="name" writes what is typed into this tab's sessionStorage, under the name and the reader.
   It is given back when the form comes up again without errors of its own (with errors, the server has already put
   everything back), and forgotten when the server reports success: a message of level success, or an htmx answer
   that is not an error. Passwords, files and hidden fields are never kept. */
(() => {
  "use strict";
  const DAY = 24 * 60 * 60 * 1000;
  const SKIPPED = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

  const prefix = () => `draft:${document.body.dataset.reader || "-"}:`;
  const keyOf = (form) => prefix() + form.dataset.keep;
  const isKept = (field) =>
    field.name && !SKIPPED.has(field.type) && !field.hasAttribute("data-no-keep") && !/password|csrf/i.test(field.name) &&
    !/password|one-time-code/.test(field.autocomplete || "");
  const isTick = (field) => field.type === "checkbox" || field.type === "radio";
  const fieldsOf = (form) => [...form.elements].filter(isKept);

  // Storage may be switched off or full; then there are no drafts, and the page works as without a script.
  const read = (key) => {
    try {
      const draft = JSON.parse(sessionStorage.getItem(key));
      return draft && Date.now() - draft.at < DAY ? draft : null;
    } catch {
      return null;
    }
  };
  const write = (key, draft) => {
    try {
      sessionStorage.setItem(key, JSON.stringify(draft));
    } catch {
      /* see above */
    }
  };
  const forget = (key) => {
    try {
      sessionStorage.removeItem(key);
    } catch {
      /* see above */
    }
  };
  const allKeys = () => {
    try {
      return Object.keys(sessionStorage).filter((key) => key.startsWith("draft:"));
    } catch {
      return [];
    }
  };

  const save = (form, sent = false) => {
    const fields = fieldsOf(form).map((field) => ({
      name: field.name,
      value: field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value,
      ...(isTick(field) ? { checked: field.checked } : { base: field.defaultValue ?? null }),
    }));
    write(keyOf(form), { at: Date.now(), sent, fields });
  };

  // What somebody else has changed on the server meanwhile is not overwritten.
  const putBack = (form, draft) => {
    let changed = 0;
    for (const saved of draft.fields) {
      for (const field of fieldsOf(form).filter((candidate) => candidate.name === saved.name)) {
        if (isTick(field)) {
          if (field.value !== saved.value || field.checked === saved.checked) continue;
          field.checked = saved.checked;
        } else if (field.multiple) {
          for (const option of field.options) option.selected = saved.value.includes(option.value);
        } else {
          if (field.value === saved.value || (saved.base !== null && field.defaultValue !== saved.base)) continue;
          field.value = saved.value;
        }
        changed += 1;
      }
    }
    return changed;
  };

  const tell = (form) => {
    const { kept, discard } = document.getElementById("live").dataset;
    const note = document.createElement("div");
    note.className = "kept";
    note.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = discard;
    button.addEventListener("click", () => {
      forget(keyOf(form));
      form.reset();
      note.remove();
    });
    note.append(kept, button);
    form.prepend(note);
  };

  const restore = (form) => {
    if (form.dataset.kept) return;
    form.dataset.kept = "yes";
    const draft = read(keyOf(form));
    if (!draft || form.querySelector(".error-summary, .is-invalid")) return;
    if (putBack(form, draft)) tell(form);
  };
  const restoreAll = (part) => part.querySelectorAll("form[data-keep]").forEach(restore);

  // A refusal, an error page or a login page means: what was sent has not arrived. Success means: it has.
  const settle = () => {
    const refused = document.querySelector("[data-keep-drafts], #messages .tone-bad, form .error-summary");
    const accepted = document.querySelector("#messages .tone-good");
    for (const key of allKeys()) {
      let draft = null;
      try {
        draft = JSON.parse(sessionStorage.getItem(key));
      } catch {
        forget(key);
      }
      if (!draft?.sent) continue;
      if (refused) write(key, { ...draft, sent: false });
      else if (accepted) forget(key);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    settle();
    restoreAll(document);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.keep) save(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.keep) save(event.target, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form[data-keep]");
    const { xhr, requestConfig } = event.detail;
    // Sent on to another page is not accepted: an expired session leads to the login with status 200.
    if (form && requestConfig.verb !== "get" && xhr.status < 300 && !xhr.getResponseHeader("HX-Redirect")) {
      forget(keyOf(form));
    }
  });
  // The element that was settled: where it replaced its target, the target is no longer in the page.
  document.addEventListener("htmx:afterSettle", (event) => restoreAll(event.target));
})();
