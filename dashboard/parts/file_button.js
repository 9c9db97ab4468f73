/* A file that is being made for a button (`file_button`): after a moment the page says how far it is, and one can leave
 * it. How far is measured against what the same file took the last time; while it arrives, against its size.
 *
 * The button asks by POST as the form without this script would. A refusal is said on the page that is open.
 */
(() => {
  "use strict";
  const PATIENCE = 700; // milliseconds; what is quicker says nothing
  const STEP = 250;
  const words = () => document.getElementById("shell-live")?.dataset;
  const element = (name, more) => Object.assign(document.createElement(name), more);

  /* The same file of another operation takes about as long. */
  const kind = (address) => `muster-file ${new URL(address, location.href).pathname.replace(/[0-9a-f-]{36}/g, "*")}`;
  const last = (address) => { try { return Number(localStorage.getItem(kind(address))); } catch { return 0; } };
  const remember = (address, took) => { try { localStorage.setItem(kind(address), String(Math.round(took))); } catch { /* no place */ } };

  function told(leave) {
    const begun = performance.now();
    const box = element("div", { className: "m-making", hidden: true });
    const text = element("span", { className: "m-num" });
    const bar = element("progress", { max: 1 });
    bar.setAttribute("aria-hidden", "true");
    const stop = element("button", { type: "button", className: "m-button-plain", textContent: words().leave });
    text.setAttribute("role", "status");
    stop.addEventListener("click", leave);
    box.append(text, bar, stop);
    document.body.append(box);
    const seconds = () => Math.round((performance.now() - begun) / 1000);
    const state = { share: () => null };
    const timer = setInterval(() => {
      box.hidden = performance.now() - begun < PATIENCE;
      const share = state.share(performance.now() - begun);
      if (share === null) bar.removeAttribute("value");
      else bar.value = share;
      const said = words().making.replace("{seconds}", seconds());
      if (text.textContent !== said) text.textContent = said;
    }, STEP);
    return { state, took: () => performance.now() - begun, done() { clearInterval(timer); box.remove(); } };
  }

  async function received(answer, state) {
    const whole = answer.headers.has("content-encoding") ? 0 : Number(answer.headers.get("content-length"));
    const reader = answer.body.getReader();
    const parts = [];
    let so_far = 0;
    state.share = () => (whole ? so_far / whole : null);
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      so_far += part.value.length;
    }
    return new Blob(parts, { type: answer.headers.get("content-type") || "" });
  }

  function handed(file, disposition) {
    const [, name] = /filename="?([^";]+)"?/.exec(disposition || "") || [];
    const link = element("a", { href: URL.createObjectURL(file), download: name || "muster" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function refused(error) {
    window.dash_clientside.set_props("shell-notices", { sendNotifications: [{
      action: "show", id: "shell-file", title: words().refused, message: error, autoClose: 8000,
      className: "m-notice m-notice-refused", closeButtonProps: { "aria-label": words().close },
    }] });
  }

  addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches?.("form.file-press") || !words()) return;
    event.preventDefault();
    if (form.dataset.making) return;
    form.dataset.making = "true";
    const leaving = new AbortController();
    const address = form.getAttribute("action");
    const bar = told(() => leaving.abort());
    const before = last(address);
    if (before) bar.state.share = (now) => Math.min(0.95, now / before);
    try {
      const answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: leaving.signal });
      const disposition = answer.headers.get("content-disposition");
      if (answer.ok && disposition) {
        remember(address, bar.took());
        handed(await received(answer, bar.state), disposition);
      } else if (answer.status === 429 || answer.status === 503) {
        refused((await answer.json()).error);
      } else {
        form.submit(); // another page says what is wrong, or asks for the second factor
      }
    } catch (failed) {
      if (failed.name !== "AbortError") form.submit();
    } finally {
      bar.done();
      delete form.dataset.making;
    }
  });
})();
