/* On the login and second factor pages: says so when a passkey did not answer. allauth's scripts only tell the console. */
(() => {
  "use strict";
  const words = document.currentScript.dataset;

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const note = document.getElementById("passkey-failed") || document.createElement("div");
    note.id = "passkey-failed";
    note.className = "callout tone-bad";
    note.setAttribute("role", "alert");
    note.textContent = event.detail.exception?.name === "SecurityError" ? words.insecure : words.failed;
    document.querySelector("main h1").after(note);
  });
})();
