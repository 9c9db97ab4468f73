// Passkeys: a form with data-passkey asks the browser for one, and is sent with what it answers. Where a browser knows no
// passkeys the form stays hidden.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (content) =>
  btoa(String.fromCharCode(...new Uint8Array(content))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function ask(options) {
  const asked = { ...options, challenge: bytes(options.challenge) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (options[list]) asked[list] = options[list].map((known) => ({ ...known, id: bytes(known.id) }));
  }
  if (options.user) asked.user = { ...options.user, id: bytes(options.user.id) };
  const made = options.user
    ? await navigator.credentials.create({ publicKey: asked })
    : await navigator.credentials.get({ publicKey: asked });
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) said[name] = text(made.response[name]);
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response: said });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.passkey.value) return;
    event.preventDefault();
    const failed = form.querySelector(".said");
    failed.hidden = true;
    try {
      form.elements.passkey.value = await ask(JSON.parse(form.dataset.passkey));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
