/* The file that is brought in: too large a one is refused before a byte of it is sent. The server refuses it again. */
(function () {
  "use strict";

  function refuse(event, chosen) {
    const place = event.target.closest && event.target.closest("[data-most]");
    if (!place || !chosen) return;
    const file = [...chosen].find((each) => each.size > Number(place.dataset.most));
    if (!file) return window.dash_clientside.set_props("layers-refused", { children: null });
    event.stopPropagation();
    event.preventDefault();
    window.dash_clientside.set_props("layers-refused", { children: `${file.name}: ${place.dataset.refuse}` });
    if (event.target.value) event.target.value = "";
  }

  /* Dash gives the input inside its upload no name: it is called what stands in it. */
  function name() {
    const input = document.querySelector(".layers-upload input[type=file]:not([aria-label])");
    const words = input && input.closest(".layers-upload").querySelector("strong");
    if (words) input.setAttribute("aria-label", words.textContent);
  }

  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("drop", (event) => refuse(event, event.dataTransfer && event.dataTransfer.files), true);
  document.addEventListener("change", (event) => refuse(event, event.target.files), true);
})();
