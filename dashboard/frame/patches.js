/* What is set on a page at once. Of a part that comes as a patch of single words only the components whose words differ
   are drawn: where all of the part is set, Dash draws each component in it anew, which takes ten times as long. */
(() => {
  const PATCH = "__dash_patch_update";
  const word = (value) => value === null || typeof value !== "object";
  const paths = () => window.dash_stores[0].getState().paths.strs;

  /* The components in which a patch of `property` of the element `id` sets words, as [path, properties]. None where it
     does anything else, or where one of them has a name: callbacks may hear of what has one. */
  const apart = (id, property, patch) => {
    const base = paths()[id], found = new Map();
    if (!base) return null;
    for (const { operation, location: at, params } of patch.operations) {
      const last = at.lastIndexOf("props");
      if (operation !== "Assign" || !word(params.value) || last < 0) return null;
      const path = [...base, "props", property, ...at.slice(0, last)], name = at[last + 1], rest = at.slice(last + 2);
      const component = dash_component_api.getLayout(path);
      if (!component?.type || component.props.id !== undefined) return null;
      const key = JSON.stringify(path), [, props] = found.get(key) ?? [path, {}];
      if (!rest.length) props[name] = params.value;
      else {
        props[name] ??= { [PATCH]: PATCH, operations: [] };
        props[name].operations.push({ operation, location: rest, params });
      }
      found.set(key, [path, props]);
    }
    return [...found.values()];
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    /* What Dash knows of an element; nothing of one that is not on the page, where Dash itself would fail. */
    laid: (id) => (id in paths() ? dash_component_api.getLayout(id) : undefined),
    /* Each of `places` is [element, property, value]. All of an element at once: of two settings in one turn Dash draws
       what the last one changed. What comes for a page that was left meanwhile is let go. */
    set(places) {
      const elements = new Map();
      for (const [id, property, value] of places) {
        const single = value?.[PATCH] && !elements.has(id) && places.filter(([each]) => each === id).length === 1;
        const components = single ? apart(id, property, value) : null;
        if (components) components.forEach(([path, props]) => dash_clientside.set_props(path, props));
        else elements.set(id, { ...elements.get(id), [property]: value });
      }
      for (const [id, props] of elements) if (this.laid(id)) dash_clientside.set_props(id, props);
    },
  });
})();
