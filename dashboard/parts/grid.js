/* The grid as a component of Dash whose script is fetched with the first grid. Until then its place is kept. React would
   mount a grid anew if another component stood for it later, so this one stays, and shows the real one. */
(() => {
  const { React } = window;
  let real = null;

  const loaded = () => window.musterScripts.load("dash_ag_grid.js").then(() => {
    if (real) return;
    real = window.dash_ag_grid.AgGrid;
    window.dash_ag_grid = Object.assign({}, window.dash_ag_grid, { AgGrid });
  });

  function AgGrid(props) {
    const [shown, show] = React.useState(Boolean(real));
    React.useEffect(() => {
      let here = true;
      if (!shown) loaded().then(() => here && show(true));
      return () => { here = false; };
    }, []);
    const { id, className, style } = props;
    return shown ? React.createElement(real, props) : React.createElement("div", { id, className, style });
  }
  // Dash asks this before it calls back about a grid.
  Object.defineProperty(AgGrid, "_dashprivate_isLazyComponentReady", {
    get: () => (real ? real._dashprivate_isLazyComponentReady : loaded().then(() => real._dashprivate_isLazyComponentReady)),
  });

  window.dash_ag_grid = {
    AgGrid,
    getApi: () => null,
    getApiAsync: (...about) => loaded().then(() => window.dash_ag_grid.getApiAsync(...about)),
  };
})();
