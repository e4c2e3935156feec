/* Loaded in <head>, small, without dependencies: theme, search key, what htmx could not fetch. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  // --- Theme: a cookie, so that the server writes it into the page and nothing flashes ----------------------------
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-theme-choice]")) return;
    const theme = event.target.value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${theme ? 31536000 : 0}; SameSite=Lax${secure}`;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  });

  // --- Search with "/" unless one is writing ------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const search = document.getElementById("search");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // --- Errors of a form are where one looks first ---------------------------------------------------------------------
  const focusOn = (part) => (part.matches?.("[data-focus]") ? part : part.querySelector?.("[data-focus]"))?.focus();
  document.addEventListener("DOMContentLoaded", () => focusOn(document));

  // --- htmx: say what went wrong instead of doing nothing ---------------------------------------------------------------
  // The words stand in the page (#live), so that they are translated like the rest.
  const words = () => document.getElementById("live").dataset;

  const complain = (text) => {
    const box = document.createElement("div");
    box.className = "callout tone-bad";
    box.setAttribute("role", "alert");
    box.textContent = text;
    document.getElementById("messages").replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const { denied, missing, failed } = words();
    complain({ 401: denied, 403: denied, 404: missing, 410: missing }[status] ?? failed);
  });
  document.addEventListener("htmx:sendError", () => complain(words().offline));
  document.addEventListener("htmx:timeout", () => complain(words().offline));

  // A part for which this page has no place (a form closed meanwhile, a section that came with the decision) is left out.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = document.createElement("template");
    answer.innerHTML = event.detail.serverResponse;
    const homeless = [...answer.content.querySelectorAll("[hx-swap-oob='true']")].filter(
      (part) => !document.getElementById(part.id),
    );
    if (homeless.length) {
      homeless.forEach((part) => part.remove());
      event.detail.serverResponse = answer.innerHTML;
    }
  });

  // What had the focus went with the part that was swapped: one goes on in the form that came, else at the part itself.
  const goOnIn = (part) => {
    const field = part.querySelector("form input:checked") ?? part.querySelector("form input:not([type='hidden'])");
    if (!field) part.tabIndex = -1;
    (field ?? part).focus();
  };

  // A swapped part may bring a sentence for screen readers: <... data-say="132 projects">
  document.addEventListener("htmx:afterSwap", (event) => {
    const part = event.target; // the new one: where it replaces another, event.detail.target is the old one
    const said = part.matches?.("[data-say]") ? part : part.querySelector?.("[data-say]");
    if (said) document.getElementById("live").textContent = said.dataset.say;
    focusOn(part);
    const lost = document.activeElement === document.body && !event.detail.target.isConnected;
    if (lost && part.matches?.(".item")) goOnIn(part);
  });
})();
