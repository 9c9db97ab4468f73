/* Under a finger the first tap on a code shows its words; the link is followed by the second. Escape hides them. */
(() => {
  let shown = null;
  addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(".m-abbr-link");
    if (link && link !== shown && matchMedia("(hover: none)").matches) {
      event.preventDefault();
      event.stopImmediatePropagation();
      link.focus();
    }
    shown = link;
  }, { capture: true });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.matches(".m-abbr-link")) document.activeElement.blur();
  });
})();
