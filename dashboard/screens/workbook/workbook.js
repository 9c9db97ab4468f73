/* What came back of a workbook stays in this browser: the server is asked about the summary alone. */
(() => {
  const nothing = () => window.dash_clientside.no_update;
  const summary = ({ marked, ...rest }) => rest;
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    workbook_summary: (brought) => (brought ? summary(brought) : nothing()),
    workbook_marked: (clicks, brought) => (clicks && brought && brought.marked) || nothing(),
    own_sheet_stored: (brought) => (brought ? [summary(brought), brought.marked ? brought : null] : [nothing(), nothing()]),
    own_sheet_store: (clicks, brought, sheet, reason, confirmed) => {
      const place = document.getElementById("own-sheet-store")?.closest("[data-most]");
      if (clicks && brought && place) {
        const order = new File([JSON.stringify({ token: brought.token, sheet, reason, confirmed })], brought.name);
        place.dispatchEvent(new CustomEvent("muster:send", { bubbles: true, detail: order }));
      }
      return nothing();
    },
  });
})();
