/* Loaded in <head>, small, no dependencies: theme, search key, errors of partial requests, kept drafts. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  const say = (text) => {
    const live = document.getElementById("live");
    if (live) live.textContent = text;
  };

  // --- Theme: a cookie, so that the server writes it into the page and nothing flashes -------------------------
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-theme-choice]")) return;
    const theme = event.target.value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${theme ? 31536000 : 0}; SameSite=Lax${secure}`;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  });

  // --- Search with "/" unless one is writing ---------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const search = document.getElementById("search");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
})();
