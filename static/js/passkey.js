/* A passkey's signature at the sign and decide pages: asks the server for a challenge made from the digest of what is
   shown, lets the authenticator sign it, and puts the answer into the form. */
(() => {
  "use strict";

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const challenge = async (button) => {
    const form = button.closest("form");
    const body = new FormData();
    body.set("bound_to", button.dataset.passkeyFor);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const response = await fetch(button.dataset.passkeyUrl, { method: "POST", body, redirect: "error" });
    if (!response.ok) throw new Error(`challenge: ${response.status}`);
    return response.json();
  };

  const ask = async ({ options, token }) => {
    const publicKey = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    publicKey.allowCredentials = (publicKey.allowCredentials || []).map((known) => ({ ...known, id: bytes(known.id) }));
    const given = await navigator.credentials.get({ publicKey });
    const response = {
      clientDataJSON: text(given.response.clientDataJSON),
      authenticatorData: text(given.response.authenticatorData),
      signature: text(given.response.signature),
      userHandle: given.response.userHandle ? text(given.response.userHandle) : null,
    };
    const credential = {
      id: given.id,
      rawId: text(given.rawId),
      type: given.type,
      response,
      clientExtensionResults: given.getClientExtensionResults(),
    };
    return { token, credential };
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey]");
    if (!button) return;
    const state = button.parentElement.querySelector("[data-passkey-state]");
    const field = document.getElementById(button.dataset.passkeyField);
    button.disabled = true;
    try {
      field.value = JSON.stringify(await ask(await challenge(button)));
      state.textContent = state.dataset.done;
    } catch (error) {
      field.value = "";
      state.textContent = state.dataset.failed;
      button.disabled = false;
      console.warn(error);
    }
  });
})();
