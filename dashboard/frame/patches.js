/* What is set on a page at once. Of a part that comes as a patch of single words only the components whose words differ
   are drawn: where all of the part is set, Dash draws each component in it anew, which takes ten times as long.
   Each setting through Dash also asks which callbacks hear of it and where on the page names stand now, and each of
   these lets every component look at itself: what holds no component and nobody hears of is put into its store alone. */
(() => {
  const PATCH = "__dash_patch_update";
  const word = (value) => value === null || typeof value !== "object";
  const state = () => window.dash_stores[0].getState();
  const path = (id) => state().paths.strs[id];
  const heard = (id, property) => property in (state().graphs.inputMap[id] ?? {});
  /* Components stand in what is called so, and are what patches may hold. */
  const plain = (property, value) => property !== "children" && !value?.[PATCH];

  const put = (itempath, props) =>
    window.dash_stores[0].dispatch({ type: "ON_PROP_CHANGE", payload: { itempath, props, renderType: "clientsideApi" } });

  /* `whole` with `value` at the place `at` of it. */
  const assigned = (whole, [first, ...at], value) => {
    if (first === undefined) return value;
    const made = Array.isArray(whole) ? [...whole] : { ...whole };
    made[first] = assigned(made[first], at, value);
    return made;
  };

  /* The components in which a patch of `property` of the element `id` sets words, as [path, properties]. None where it
     does anything else, in place of components too, or where one of them has a name: callbacks may hear of it. */
  const apart = (id, property, patch) => {
    const base = path(id), found = new Map();
    if (!base) return null;
    for (const { operation, location: at, params } of patch.operations) {
      const last = at.lastIndexOf("props");
      if (operation !== "Assign" || !word(params.value) || last < 0) return null;
      const place = [...base, "props", property, ...at.slice(0, last)], name = at[last + 1], rest = at.slice(last + 2);
      const component = dash_component_api.getLayout(place);
      if (!component?.type || component.props.id !== undefined) return null;
      const key = JSON.stringify(place), [, props] = found.get(key) ?? [place, {}];
      const was = name in props ? props[name] : component.props[name];
      if (!word(rest.reduce((whole, each) => whole?.[each], was) ?? null)) return null;
      props[name] = assigned(was, rest, params.value);
      found.set(key, [place, props]);
    }
    return [...found.values()];
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    /* What Dash knows of an element; nothing of one that is not on the page, where Dash itself would fail. */
    laid: (id) => (path(id) ? dash_component_api.getLayout(id) : undefined),
    /* Each of `places` is [element, property, value]; so are `kept`, for which no callback needs to be called. All of an
       element at once: of two settings in one turn Dash draws what the last one changed. What comes for a page that was
       left meanwhile is let go. */
    set(places, kept = []) {
      const elements = new Map();
      const add = ([id, property, value]) => elements.set(id, { ...elements.get(id), [property]: value });
      for (const place of places) {
        const [id, property, value] = place;
        const single = value?.[PATCH] && places.filter(([each]) => each === id).length === 1;
        const components = single ? apart(id, property, value) : null;
        if (components) components.forEach((each) => put(...each));
        else add(place);
      }
      const told = new Set([...elements].filter(([id, props]) =>
        Object.entries(props).some(([property, value]) => !plain(property, value) || heard(id, property))).map(([id]) => id));
      kept.forEach(add);
      for (const [id, props] of elements) {
        if (!this.laid(id)) continue;
        if (told.has(id)) dash_clientside.set_props(id, props);
        else put(path(id), props);
      }
    },
  });
})();
