/* The glossary: what does not hold the sought letters is hidden; accents and case make no difference. */
(() => {
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    muster_glossary: {
      find(sought) {
        const words = fold(sought || "").split(/\s+/);
        for (const place of document.querySelectorAll(".glossary-place")) {
          let shown = 0;
          for (const term of place.querySelectorAll(".glossary-term")) {
            const text = fold(term.textContent);
            term.hidden = !words.every((word) => text.includes(word));
            shown += Number(!term.hidden);
          }
          place.hidden = !shown;
        }
        return sought || "";
      },
    },
  });
})();
