/* Static markup as one component of Dash: the elements that `markup.py` lists, made by React without a wrapper for each. */
(() => {
  const { React } = window;

  function made(node, kinds) {
    if (!Array.isArray(node)) return node;
    const [kind, ...inside] = node;
    const [tag, look] = kinds[kind];
    const own = inside.length && inside[0] && typeof inside[0] === "object" && !Array.isArray(inside[0]) ? inside.shift() : null;
    const type = tag === "Link" ? window.dash_core_components.Link : tag;
    return React.createElement(type, Object.assign({}, look, own), ...inside.map((part) => made(part, kinds)));
  }

  function Markup({ kinds, nodes }) {
    return React.createElement(React.Fragment, null, ...nodes.map((node) => made(node, kinds)));
  }

  window.muster_components = Object.assign(window.muster_components || {}, { Markup });
})();
