/* The file that is brought in: sent as it is, once, with how far it is; too large a one is refused before a byte is sent.
 *
 * Dash's own upload would read it into a text in the browser; its drop place is used, and the file goes this way.
 */
(function () {
  "use strict";

  let sending = null, again = null;

  function take(event, chosen) {
    const place = event.target.closest && event.target.closest("[data-most]");
    if (!place || !chosen || !chosen.length) return;
    event.stopPropagation();
    event.preventDefault();
    place.querySelectorAll(".is-over").forEach((each) => each.classList.remove("is-over"));
    const file = chosen[0];
    if (sending) sending.abort();
    clearTimeout(again);
    tell(place, "");
    if (file.size > Number(place.dataset.most)) refuse(place, `${file.name}: ${place.dataset.refuse}`);
    else send(place, file);
    if (event.target.value) event.target.value = "";
  }

  function refuse(place, words) {
    if (place.isConnected) window.dash_clientside.set_props(place.dataset.refused, { children: words });
  }

  function tell(place, words, part = 0) {
    const told = place.querySelector("[data-told]"), bar = place.querySelector("progress");
    if (told.textContent !== words) told.textContent = words;
    told.hidden = !words;
    bar.value = part;
    bar.hidden = !part;
  }

  /* The last whole event of a stream of them: what the server said last. */
  function last(text) {
    const whole = text.split("\n\n").slice(0, -1).filter((each) => each.startsWith("data: "));
    return whole.length ? JSON.parse(whole[whole.length - 1].slice(6)) : {};
  }

  function error(text) {
    try { return JSON.parse(text).error; } catch { return ""; }
  }

  function send(place, file) {
    const { dataset } = place, language = `${document.documentElement.lang || "en"}-u-nu-latn`;
    const percent = new Intl.NumberFormat(language, { style: "percent" });
    const request = (sending = new XMLHttpRequest());
    refuse(place, null);
    window.dash_clientside.set_props(dataset.store, { data: null });
    request.open("POST", `${dataset.to}?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = ({ loaded, total }) => {
      tell(place, loaded < total ? dataset.sending.replace("{percent}", percent.format(loaded / total)) : dataset.reading);
    };
    request.onprogress = () => {
      const { place: before, part } = request.status === 200 ? last(request.responseText) : {};
      if (before !== undefined) tell(place, before ? dataset.place.replace("{place}", before) : dataset.reading, part);
    };
    request.onload = () => {
      const wait = Number(request.getResponseHeader("Retry-After"));
      if ((request.status === 429 || request.status === 503) && wait > 0) return later(place, file, wait, error(request.responseText));
      tell(place, "");
      const answer = request.status === 200 ? last(request.responseText) : { error: error(request.responseText) };
      if (answer.read !== undefined) window.dash_clientside.set_props(dataset.store, { data: answer.read });
      else refuse(place, `${file.name}: ${request.status === 413 ? dataset.refuse : answer.error || dataset.broken}`);
    };
    request.onerror = () => { tell(place, ""); refuse(place, `${file.name}: ${dataset.broken}`); };
    request.send(file);
  }

  /* There is no room yet: the file stays here, and goes again when the server said to come. */
  function later(place, file, seconds, words) {
    tell(place, words || place.dataset.reading);
    again = setTimeout(() => { if (place.isConnected) send(place, file); }, seconds * 1000);
  }

  /* Dash gives the input inside its upload no name: it is called what stands in it. */
  function name() {
    const input = document.querySelector(".layers-upload input[type=file]:not([aria-label])");
    const words = input && input.closest(".layers-upload").querySelector("strong");
    if (words) input.setAttribute("aria-label", words.textContent);
  }

  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("muster:send", (event) => take(event, [event.detail]), true);
  document.addEventListener("drop", (event) => take(event, event.dataTransfer && event.dataTransfer.files), true);
  document.addEventListener("change", (event) => take(event, event.target.files), true);
})();
