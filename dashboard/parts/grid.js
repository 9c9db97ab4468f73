/* The grid as a component of Dash whose script is fetched with the first grid. Until then its place is kept. React would
   mount a grid anew if another component stood for it later, so this one stays, and shows the real one. */
(() => {
  const { React } = window;
  const ROWS_READ = 200, LETTER_PX = 7.2, MARGIN_PX = 36, HEADING_PX = 62, WIDEST_PX = 240, NARROW_PX = 600;
  let real = null;

  /* What each of these columns needs, in pixels: its longest text, or its heading in two lines with its signs. */
  function needs(api, columns) {
    const heading = (words) => Math.max(words.length / 2, ...words.split(" ").map((word) => word.length));
    const longest = columns.map((column) => LETTER_PX * heading(String(column.getColDef().headerName ?? "")) + HEADING_PX);
    let read = 0;
    api.forEachNode((rowNode) => (read += 1) > ROWS_READ || columns.forEach((colKey, at) => {
      const said = String(api.getCellValue({ rowNode, colKey, useFormatter: true }) ?? "");
      longest[at] = Math.max(longest[at], LETTER_PX * said.length + MARGIN_PX);
    }));
    return longest;
  }

  /* Columns that share the width of a list share it by what stands in them, and not in equal parts: numbers give what they
     do not need, and the longest are cut first. On a telephone, where not all have room, each is as wide as its text, and
     the list scrolls. */
  function share(api) {
    if (api.isDestroyed() || !api.getDisplayedRowCount()) return false;
    const sum = (some) => some.reduce((all, each) => all + each, 0);
    const shown = api.getAllDisplayedColumns();
    const columns = shown.filter((column) => column.getFlex()), fixed = shown.filter((column) => !column.getFlex());
    const wanted = needs(api, columns), { left: from, right: to } = api.getHorizontalPixelRange();
    const numbers = needs(api, fixed), widths = fixed.map((column) => column.getActualWidth());
    if (sum(wanted) + sum(widths) > to - from) {
      fixed.forEach((column, at) => { if (column.getColDef().type === "numericColumn") widths[at] = Math.min(widths[at], Math.round(numbers[at])); });
    }
    let room = to - from - sum(widths), left = columns.length, most = Infinity;
    const narrow = to - from < NARROW_PX && room < sum(wanted);
    for (const need of [...wanted].sort((one, other) => one - other)) {
      if (need > room / left) { most = room / left; break; }
      room -= need;
      left -= 1;
    }
    const of = (column, about) => ({ colId: column.getColId(), ...about });
    api.applyColumnState({ state: [
      ...fixed.map((column, at) => of(column, { width: widths[at] })),
      ...columns.map((column, at) => of(column, narrow
        ? { flex: null, width: Math.round(Math.min(wanted[at], WIDEST_PX)) }
        : { flex: Math.round(Math.min(wanted[at], most)) })),
    ] });
    return true;
  }
  function shareOnce(api) {
    const heard = () => { if (share(api)) api.removeEventListener("rowDataUpdated", heard); };
    if (!share(api)) api.addEventListener("rowDataUpdated", heard);
  }

  /* A long list comes with its first rows. The others are fetched when its reader needs them: near its end, to sort, to
     search and to filter, for a file and for paper. A print that is chosen from the browser's menu cannot wait, and one
     by the keyboard waits no longer than that without network: it ends with a sentence where rows are missing. */
  const ROWS_AHEAD = 40, LONGEST_WAIT_MS = 10_000, asked = new WeakMap(), waiting = new Map();
  function rows(api) {
    let many = 0;
    api.forEachNode(() => { many += 1; });
    return many;
  }
  function all(id, api) {
    if (!api.getGridOption("context")?.more) return Promise.resolve();
    if (!asked.has(api)) {
      const first = rows(api);
      asked.set(api, new Promise((come) => {
        const heard = () => {
          if (rows(api) === first) return; // the list moved before the others came
          api.removeEventListener("rowDataUpdated", heard);
          waiting.delete(api);
          come();
        };
        api.addEventListener("rowDataUpdated", heard);
      }));
      window.dash_clientside.set_props(`${id}-whole`, { data: true });
    }
    return asked.get(api);
  }
  function fetchWhenNeeded(id, api) {
    if (!api.getGridOption("context")?.more) return;
    waiting.set(api, id);
    api.addEventListener("gridPreDestroyed", () => waiting.delete(api));
    const fetch = () => { all(id, api); };
    for (const heard of ["sortChanged", "filterChanged"]) api.addEventListener(heard, fetch);
    api.addEventListener("bodyScroll", ({ direction }) => {
      if (direction === "vertical" && api.getLastDisplayedRowIndex() >= api.getDisplayedRowCount() - ROWS_AHEAD) fetch();
    });
  }
  addEventListener("keydown", (event) => {
    if (!waiting.size || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "p") return;
    event.preventDefault();
    const come = Promise.all([...waiting].map(([api, id]) => all(id, api)));
    Promise.race([come, new Promise((over) => setTimeout(over, LONGEST_WAIT_MS))]).then(() => setTimeout(() => print()));
  });

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
    React.useEffect(() => {
      if (shown && props.id) window.dash_ag_grid.getApiAsync(props.id).then((api) => {
        if (!api) return;
        shareOnce(api);
        fetchWhenNeeded(props.id, api);
      }).catch(() => {}); // one that has left again
    }, [shown]);
    const { id, className, style } = props;
    return shown ? React.createElement(real, props) : React.createElement("div", { id, className, style });
  }
  // Dash asks this before it calls back about a grid.
  Object.defineProperty(AgGrid, "_dashprivate_isLazyComponentReady", {
    get: () => (real ? real._dashprivate_isLazyComponentReady : loaded().then(() => real._dashprivate_isLazyComponentReady)),
  });

  window.musterGrids = { all, waiting };
  window.dash_ag_grid = {
    AgGrid,
    getApi: () => null,
    getApiAsync: (...about) => loaded().then(() => window.dash_ag_grid.getApiAsync(...about)),
  };
})();
