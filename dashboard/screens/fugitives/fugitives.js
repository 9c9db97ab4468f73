// A case that was opened on a narrow screen comes into view: there it stands above the board.
(() => {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.muster = Object.assign(window.dash_clientside.muster || {}, {
    case_opened(opened, before) {
      const shown = opened ? opened.case : "";
      if (shown && shown !== before && window.matchMedia("(max-width: 1100px)").matches) {
        const side = document.querySelector(".fugitives-side");
        if (side) side.scrollIntoView({block: "start"});
      }
      return shown;
    },
  });
})();
