/* Updates of a page in one batch. Where a part comes as a patch of single texts, only the components with changed texts
   are drawn: setting the whole part makes Dash draw every component in it, which takes ten times as long.
   Each setProps of Dash also looks up the callbacks that depend on it and the paths of ids, and makes every component
   check for changes: values without components or dependent callbacks are therefore put into the store directly. */
(() => {
  const PATCH = "__dash_patch_update";
  const word = (value) => value === null || typeof value !== "object";
  const state = () => window.dash_stores[0].getState();
  const path = (id) => state().paths.strs[id];
  const listening = (id, property) => state().graphs.inputMap[id]?.[property] ?? [];
  const stands = (id) => Boolean(typeof id === "string" ? path(id) : state().paths.objs[Object.keys(id).sort().join(",")]?.length);
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

  /* The components in which a patch of `property` of the element `id` sets words, as [path, properties, where below that
     property]. None where it does anything else, in place of components too, or where one of them has a name: callbacks
     may hear of it. */
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
      found.set(key, [place, props, at.slice(0, last)]);
    }
    return [...found.values()];
  };

  /* The element that shows the component `at` below the children `held` of `element`; none where that cannot be told, as
     only components of HTML are known to be one element each. */
  const shown = (element, held, at) => {
    const those = Array.isArray(held) ? held : [held], [step, ...below] = Array.isArray(held) ? at : [0, ...at];
    const one = (count) => count === those.length, html = (each) => each?.namespace === "dash_html_components";
    if (!element || !one(element.childNodes.length) || !one(element.childElementCount) || !those.every(html)) return null;
    if (!below.length) return element.children[step];
    const [, name, ...more] = below;
    return name === "children" ? shown(element.children[step], those[step]?.props.children, more) : null;
  };
  const text = (value) => String(value ?? "");
  const read = (element, name) => (name === "children" ? element.textContent : text(element.getAttribute(name)));
  const write = (element, name, value) => {
    if (name !== "children") element.setAttribute(name, text(value));
    else if (element.firstChild) element.firstChild.data = text(value);
    else element.textContent = text(value);
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.muster = Object.assign({}, window.dash_clientside.muster, {
    /* What Dash knows of an element; nothing of one that is not on the page, where Dash itself would fail. */
    laid: (id) => (Array.isArray(id) || path(id) ? dash_component_api.getLayout(id) : undefined),
    listening,
    /* Whether an element of this id, or one of a pattern, is on the page. */
    stands,
    /* Set an element that callbacks of all pages listen to. Dash would ask for each of them, 200 at a pulse, and compare
       each with each before it drops those without an output on the page: where pulses come faster than that is done, it
       never ends. So Dash knows those alone that have one, for as long as it asks. */
    set_here(id, props) {
      const known = state().graphs.inputMap[id] ?? {}, all = { ...known };
      const here = ({ outputs }) => !outputs.length || outputs.some((output) => stands(output.id));
      for (const [name, callbacks] of Object.entries(all)) known[name] = callbacks.filter(here);
      try { dash_clientside.set_props(id, props); } finally { Object.assign(known, all); }
    },
    /* Words as `set` is given them, written where they are read before Dash is told of them, which takes a page ten times
       as long. Nothing where one of `places` is anything else, or not shown as Dash holds it; or else what takes them
       back, for when the page was drawn anew meanwhile: then each of them is what Dash holds by now. */
    ahead(places) {
      const words = [];
      for (const [id, property, value] of places) {
        const components = property === "children" && value?.[PATCH] ? apart(id, property, value) : null;
        if (!components) return null;
        for (const [place, props, at] of components) {
          const element = shown(document.getElementById(id), this.laid(id).props.children, at);
          for (const [name, word] of Object.entries(props)) {
            const said = name === "children" ? element?.childElementCount === 0 : /^(aria|data)-/.test(name);
            if (!element || !said || read(element, name) !== text(this.laid(place)?.props[name])) return null;
            words.push([element, name, word, place]);
          }
        }
      }
      words.forEach(([element, name, word]) => write(element, name, word));
      return () => {
        for (const [element, name, word, place] of words) {
          if (element.isConnected && read(element, name) === text(word)) write(element, name, this.laid(place)?.props[name]);
        }
      };
    },
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
        if (components) components.forEach(([at, props]) => put(at, props));
        else add(place);
      }
      const told = new Set([...elements].filter(([id, props]) =>
        Object.entries(props).some(([property, value]) => !plain(property, value) || listening(id, property).length)).map(([id]) => id));
      kept.forEach(add);
      for (const [id, props] of elements) {
        if (!this.laid(id)) continue;
        if (told.has(id)) dash_clientside.set_props(id, props);
        else put(path(id), props);
      }
    },
  });
})();
