/* Core of the map: the maps on the page, their panes and colours.
 *
 * Python makes the frame (dashboard/map/component.py), Leaflet the map (leaflet_map.js), and these files draw on it. Each
 * adds to one shared object, `atlas`, so the order in which the browser loads them does not matter. Leaflet comes with
 * the first map: its classes are extended in the hook `load`.
 */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});

  atlas.maps = new Map();
  atlas.waiting = new Map(); // what Dash delivered before Leaflet had made the map, by map id

  /** A call on every part of the map that offers the hook, such as "adopt" or "restyle". */
  atlas.parts = atlas.parts || [];
  atlas.each = function (hook, state, ...more) {
    for (const part of atlas.parts) if (part[hook]) part[hook](state, ...more);
  };

  /* Canvas knows no CSS variables: an unseen element resolves them. */
  let resolved = null;
  atlas.colour = function (name) {
    if (!resolved) {
      const probe = document.createElement('span');
      probe.hidden = true;
      document.body.append(probe);
      resolved = {probe, known: {}};
    }
    if (!(name in resolved.known)) {
      resolved.probe.style.color = `var(--m-${name})`;
      resolved.known[name] = getComputedStyle(resolved.probe).color;
    }
    return resolved.known[name];
  };

  function restyle() {
    if (resolved) resolved.probe.remove();
    resolved = null;
    for (const state of atlas.maps.values()) atlas.each('restyle', state);
  }

  let look = '';
  new MutationObserver(() => {
    const root = document.documentElement;
    const now = [root.dataset.mantineColorScheme, root.dataset.theme, root.className].join('|');
    if (now === look) return;
    look = now;
    requestAnimationFrame(restyle);
  }).observe(document.documentElement, {attributes: true});
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => requestAnimationFrame(restyle));

  /** A button above the two that zoom: the first view leaves out what lies far from all the rest. */
  function wholeControl(state) {
    const control = L.control({position: 'bottomright'});
    control.onAdd = () => {
      const bar = L.DomUtil.create('div', 'leaflet-bar leaflet-control atlas-whole');
      const button = L.DomUtil.create('button', 'atlas-whole-way', bar);
      button.type = 'button';
      button.title = state.settings.words.whole;
      button.setAttribute('aria-label', state.settings.words.whole);
      const icon = L.DomUtil.create('span', 'm-icon', button);
      icon.style.maskImage = icon.style.webkitMaskImage = 'url(/assets/vendor/icons/arrows-maximize.svg)';
      L.DomEvent.disableClickPropagation(bar);
      L.DomEvent.on(button, 'click', () => {
        state.touched = true;
        atlas.fly(state, state.settings.whole);
      });
      return bar;
    };
    return control;
  }

  atlas.adopt = function (map) {
    const frame = map.getContainer().closest('[data-atlas]');
    if (!frame || !frame.isConnected) return;
    const id = map.getContainer().id;
    const state = {id, map, frame, settings: JSON.parse(frame.dataset.atlas), hidden: new Set(), selected: null};
    /* Of several canvases only the topmost would hear the mouse. So the basemap and the labels hear nothing, and
     * everything that can be clicked shares one canvas, the map's own. */
    for (const [pane, z] of [['base', 200], ['labels', 450], ['draft', 580]]) {
      map.createPane(pane).style.zIndex = z;
      if (pane !== 'draft') map.getPane(pane).style.pointerEvents = 'none';
    }
    map.options.renderer = L.canvas({padding: 0.2, tolerance: 4});
    map.setMaxBounds([[-85, -220], [85, 220]]);
    map.attributionControl && map.attributionControl.remove();
    L.control.zoom({
      position: 'bottomright', zoomInTitle: state.settings.words.zoom_in, zoomOutTitle: state.settings.words.zoom_out,
    }).addTo(map);
    const {view, whole} = state.settings;
    if (whole && JSON.stringify(whole) !== JSON.stringify(view)) wholeControl(state).addTo(map);
    L.control.scale({position: 'bottomright', imperial: false, maxWidth: 110}).addTo(map);
    const fit = () => { // an answer may have changed the view since; and a low map has no room to give away
      const room = map.getSize().multiplyBy(0.07);
      map.fitBounds(state.settings.view, {animate: false, maxZoom: 13, padding: [Math.min(50, room.x), Math.min(50, room.y)]});
    };
    const opened = Date.now();
    const sized = new ResizeObserver(() => {
      const hidden = !map.getSize().x;
      map.invalidateSize({animate: false});
      // The page around the map may still be taking its shape, or was hidden; after that the view is the reader's.
      const shaping = hidden || Date.now() - opened < 1500;
      if (state.settings.view && shaping && !state.touched && map.getSize().x) fit();
    });
    sized.observe(map.getContainer());
    map.getContainer().addEventListener('pointerdown', () => { state.touched = true; }, {once: true});
    map.on('unload', () => {
      sized.disconnect(); // a map that is gone has no size, and Leaflet would look for it
      map.addLayer = () => map; // nor panes for what was still on its way
      clearTimeout(state.eventsTimer);
      if (atlas.maps.get(id) === state) atlas.maps.delete(id);
    });
    atlas.maps.set(id, state);
    if (state.settings.view && map.getSize().x) fit();
    atlas.each('adopt', state);
    const waiting = atlas.waiting.get(id) || new Map();
    atlas.waiting.delete(id);
    for (const [hook, given] of waiting) atlas.each(hook, state, given);
  };

  const OPTIONS = {
    center: [18, 12], zoom: 3, minZoom: 2, maxZoom: 17, zoomSnap: 0.5, preferCanvas: true, zoomControl: false, attributionControl: false,
  };
  let extended = false;

  /** A map in a place of the page, once Leaflet has come. */
  atlas.open = function (place) {
    if (!extended) atlas.each('load');
    extended = true;
    const map = L.map(place, OPTIONS);
    atlas.adopt(map);
    return map;
  };

  /** Give `what` to the parts that offer `hook`, now or as soon as the map exists. */
  atlas.deliver = function (id, hook, what) {
    const state = atlas.maps.get(id);
    if (state && document.body.contains(state.map.getContainer())) atlas.each(hook, state, what);
    else atlas.waiting.set(id, (atlas.waiting.get(id) || new Map()).set(hook, what));
  };

  const fetched = {};
  /** JSON of our own server, kept for the life of the page. Resolves to null where the answer is a refusal. */
  atlas.fetchOnce = function (url) {
    fetched[url] = fetched[url] || fetch(url, {credentials: 'same-origin'})
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null)
      .then((json) => { if (!json) delete fetched[url]; return json; });
    return fetched[url];
  };

  /* What Dash calls. The id of the store says which map is meant: "plan-map-scene" is of "plan-map". */
  function mapOf(suffix) {
    const id = window.dash_clientside.callback_context.inputs_list[0].id;
    return id.slice(0, id.length - suffix.length);
  }

  /* Sites come as rows, and what they reported by what several have in common (packing.py). */
  function unpacked({sites, labels, countries, ...scene}) {
    const made = (sites || []).map(([id, name, site_type, country, editable, centre, aside]) => ({
      type: 'Feature', id, geometry: {type: 'Point', coordinates: centre},
      properties: {
        kind: 'site', group: 'operational', name, label: labels[site_type], state: 'active', site_type, country,
        country_name: countries[country], centre, bounds: null, editable, ...(aside ? {aside} : {}),
      },
    }));
    return {...scene, features: [...made, ...scene.features]};
  }
  const told = ({kinds, of}) => Object.fromEntries(Object.entries(of).map(([id, kind]) => [id, kinds[kind]]));

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.muster_map = Object.assign(window.dash_clientside.muster_map || {}, {
    scene(scene) {
      if (scene) atlas.deliver(mapOf('-scene'), 'scene', unpacked(scene));
      return Date.now();
    },
    values(values) {
      if (values) atlas.deliver(mapOf('-values'), 'values', told(values));
      return Date.now();
    },
  });
})();
