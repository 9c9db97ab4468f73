/* A list: choosing a row opens its page. */
(() => {
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    open_row: (rows) => (rows && rows.length ? rows[0].href : window.dash_clientside.no_update),
  });
})();
