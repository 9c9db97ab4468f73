/* The file that is brought in: sent as it is, once, with how far it is; too large a one is refused before a byte is sent.
 *
 * Dash's own upload would read it into a text in the browser; its drop place is used, and the file goes this way.
 */
(function () {
  "use strict";

  let sending = null;

  function take(event, chosen) {
    const place = event.target.closest && event.target.closest("[data-most]");
    if (!place || !chosen || !chosen.length) return;
    event.stopPropagation();
    event.preventDefault();
    place.querySelectorAll(".is-over").forEach((each) => each.classList.remove("is-over"));
    const file = chosen[0];
    if (file.size > Number(place.dataset.most)) refuse(`${file.name}: ${place.dataset.refuse}`);
    else send(place, file);
    if (event.target.value) event.target.value = "";
  }

  function refuse(words) {
    window.dash_clientside.set_props("layers-refused", { children: words });
  }

  function send(place, file) {
    if (sending) sending.abort();
    const told = place.querySelector("[data-told]");
    const percent = new Intl.NumberFormat(`${document.documentElement.lang || "en"}-u-nu-latn`, { style: "percent" });
    const request = (sending = new XMLHttpRequest());
    const say = (words) => { told.textContent = words; told.hidden = !words; };
    refuse(null);
    window.dash_clientside.set_props("layers-token", { data: null });
    request.open("POST", `${place.dataset.to}?name=${encodeURIComponent(file.name)}`);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => {
      say(loaded < total ? place.dataset.sending.replace("{percent}", percent.format(loaded / total)) : place.dataset.reading);
    };
    request.onload = () => {
      say("");
      const answer = request.response || {};
      if (request.status === 200 && answer.token) window.dash_clientside.set_props("layers-token", { data: answer.token });
      else refuse(`${file.name}: ${request.status === 413 ? place.dataset.refuse : answer.error || place.dataset.broken}`);
    };
    request.onerror = () => { say(""); refuse(`${file.name}: ${place.dataset.broken}`); };
    request.send(file);
  }

  /* Dash gives the input inside its upload no name: it is called what stands in it. */
  function name() {
    const input = document.querySelector(".layers-upload input[type=file]:not([aria-label])");
    const words = input && input.closest(".layers-upload").querySelector("strong");
    if (words) input.setAttribute("aria-label", words.textContent);
  }

  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("drop", (event) => take(event, event.dataTransfer && event.dataTransfer.files), true);
  document.addEventListener("change", (event) => take(event, event.target.files), true);
})();
