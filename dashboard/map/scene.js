/* The plan on the map: sites and drawn objects, their state, and the selection. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  const FRAMES = {checkpoint: 'square', observation_post: 'triangle', hotspot: 'hexagon', coordination_unit: 'flag', site: 'circle'};
  const ICONS = {
    checkpoint: 'hand-stop', observation_post: 'eye', hotspot: 'flame',
    airport: 'plane', seaport: 'anchor', land_bcp_road: 'road', land_bcp_rail: 'train', river_port: 'ship',
    checkpoint_inland: 'hand-stop', bus_station: 'bus', train_station: 'train', market: 'building',
  };
  const DASH = {planned: [4, 3]};

  function colourOf(feature) {
    if (feature.properties.state === 'closed') return 'map-closed';
    return feature.properties.group === 'analysis' ? 'map-analysis' : 'map-plan';
  }

  function shapeStyle(state, feature) {
    const {kind, state: stage} = feature.properties;
    const colour = atlas.colour(colourOf(feature));
    const chosen = isChosen(state, feature);
    return {
      color: colour, opacity: 1, weight: (stage === 'closed' ? 1.2 : kind === 'route' ? 3 : 2.2) + (chosen ? 2 : 0),
      dashArray: stage === 'planned' ? '7 5' : null, lineCap: stage === 'planned' ? 'butt' : 'round',
      fill: feature.geometry.type.includes('Polygon'), fillColor: colour,
      fillOpacity: stage === 'closed' ? 0.03 : chosen ? 0.2 : 0.1,
    };
  }

  function lookOf(state, feature) {
    const p = feature.properties;
    const selected = isChosen(state, feature);
    const frame = FRAMES[p.kind];
    if (p.kind === 'site') return siteLook(state, feature, selected);
    const colour = colourOf(feature);
    const solid = p.state === 'active';
    return {
      frame, radius: 10, selected, icon: ICONS[p.kind], line: colour, face: solid ? colour : 'surface',
      ink: solid ? 'surface' : colour, width: p.state === 'closed' ? 1 : 2, dash: DASH[p.state],
    };
  }

  /* Told twice, by colour and by shape: reporting is a full disc, hits a full diamond with their number, silence a hollow
     triangle that points down, planned a dashed circle. */
  const SITE_FRAMES = {hits: 'diamond', silent: 'drop'};
  const WORST = ['silent', 'hits', 'planned', 'reporting', 'untold']; // of several sites, the first of these is shown

  // Of sites that values leave out nothing is told: what other countries report is theirs.
  const valueOf = (state, feature) => (state.values || {})[feature.id] || {state: state.values && Object.keys(state.values).length ? 'untold' : 'planned'};

  function stateLook(told) {
    const colour = `site-${told === 'untold' ? 'planned' : told}`;
    const full = told === 'reporting' || told === 'hits';
    return {
      frame: SITE_FRAMES[told] || 'circle', line: colour, face: full ? colour : 'surface', ink: full ? 'surface' : colour,
      width: told === 'untold' ? 1 : 2, dash: told === 'planned' ? [4, 3] : null,
    };
  }

  function siteLook(state, feature, selected) {
    const value = valueOf(state, feature);
    return {
      ...stateLook(value.state), radius: 10, selected, icon: ICONS[feature.properties.site_type] || 'map-pin',
      badge: value.state === 'hits' ? value.hits_text : null,
    };
  }

  const NEAR = 40; // px: sites that lie so near are one sign, with their number
  const APART = 11; // from this zoom on each site stands alone

  /** Sites that would cover one another at this zoom. The two sides of a crossing stand side by side, and are no group. */
  function groupsOf(state, features) {
    const zoom = state.map.getZoom();
    const groups = [];
    if (zoom >= APART) return groups;
    const cells = new Map();
    const cell = (x, y) => `${Math.floor(x / NEAR)},${Math.floor(y / NEAR)}`;
    for (const feature of features) {
      if (feature.properties.kind !== 'site' || (state.selected && state.selected.id === feature.id)) continue;
      const [lon, lat] = feature.geometry.coordinates;
      const {x, y} = state.map.project([lat, lon], zoom);
      let group = null;
      for (const dx of [-NEAR, 0, NEAR]) {
        for (const dy of [-NEAR, 0, NEAR]) {
          for (const near of cells.get(cell(x + dx, y + dy)) || []) {
            if (!group && Math.hypot(near.x - x, near.y - y) < NEAR) group = near;
          }
        }
      }
      if (!group) {
        group = {x, y, members: []};
        groups.push(group);
        const key = cell(x, y);
        cells.set(key, [...(cells.get(key) || []), group]);
      }
      group.members.push(feature);
    }
    const sides = ({members}) => members.length === 2 && members.every(({properties}) => properties.aside);
    return groups.filter((group) => group.members.length > 1 && !sides(group));
  }

  const worstOf = (state, members) => WORST.find((told) => members.some((feature) => valueOf(state, feature).state === told));

  function groupLook(state, members) {
    const size = members.length < 10 ? 12 : members.length < 100 ? 14 : 17;
    const selected = members.some((feature) => isChosen(state, feature));
    return {...stateLook(worstOf(state, members)), radius: size, text: String(members.length), ring: true, selected};
  }

  /** The sign of several sites stands where the first of them does: so far apart that none covers another. */
  function groupMark(state, {members, x, y}) {
    const bounds = L.latLngBounds(members.map(({geometry: {coordinates: [lon, lat]}}) => [lat, lon]));
    const look = groupLook(state, members);
    const sign = new atlas.Symbol(state.map.unproject([x, y], state.map.getZoom()), {radius: look.radius, look});
    sign.members = members;
    const {words} = state.settings;
    const counted = WORST.map((told) => [told, members.filter((feature) => valueOf(state, feature).state === told).length]).filter(([, n]) => n);
    atlas.tooltip(sign, words.sites.replace('{number}', members.length), counted.map(([told, n]) => `${words.site_states[told]}: ${n}`).join(' · '));
    sign.on('click', (event) => {
      if (event.originalEvent) event.originalEvent.atlasTaken = true;
      if (!state.drawing) atlas.fly(state, bounds);
    });
    return sign;
  }

  /** Whether it is chosen: itself, or a site with its country. */
  function isChosen({selected}, {id, properties}) {
    if (!selected) return false;
    return selected.type === 'country' ? properties.kind === 'site' && properties.country === selected.country : selected.id === id;
  }

  function scene(state, given) {
    state.scene = given;
    draw(state);
  }

  function values(state, given) {
    state.values = given;
    restyle(state);
    for (const [id, layer] of Object.entries(state.marks || {})) hint(state, layer, layer.feature);
  }

  /** Everything anew. An object that is being edited is left out: its draft stands in its place. */
  function draw(state) {
    if (state.drawn) state.drawn.remove();
    state.drawn = L.layerGroup().addTo(state.map);
    state.marks = {};
    const order = {Polygon: 0, MultiPolygon: 0, LineString: 1, MultiLineString: 1, Point: 2}; // signs lie over shapes
    const features = [...(state.scene || {features: []}).features].sort((a, b) => order[a.geometry.type] - order[b.geometry.type]);
    const shown = features.filter((feature) => !state.hidden.has(feature.properties.kind) && !(state.draft && state.draft.object_id === feature.id));
    state.groups = groupsOf(state, shown).map((group) => groupMark(state, group));
    const grouped = new Set(state.groups.flatMap(({members}) => members));
    for (const feature of shown) {
      if (grouped.has(feature)) continue;
      const layer = mark(state, feature);
      layer.feature = feature;
      layer.on('click', (event) => atlas.choose(state, {type: feature.properties.kind === 'site' ? 'site' : 'object', id: feature.id}, event));
      hint(state, layer, feature);
      state.marks[feature.id] = layer;
      state.drawn.addLayer(layer);
    }
    for (const sign of state.groups) state.drawn.addLayer(sign);
    const signs = state.groups.map((sign) => ({...sign.getLatLng(), lon: sign.getLatLng().lng, kind: 'sign', from: 0, rank: 900, radius: sign.options.radius}));
    atlas.label(state, 'marks', [...Object.values(state.marks).map((layer) => nameOf(layer)), ...signs]);
    state.placed = shown;
    atlas.each('placed', state);
  }

  function mark(state, feature) {
    const {type, coordinates} = feature.geometry;
    if (type === 'Point') {
      const look = lookOf(state, feature);
      return new atlas.Symbol([coordinates[1], coordinates[0]], {radius: look.radius, look, aside: feature.properties.aside});
    }
    const places = L.GeoJSON.coordsToLatLngs(coordinates, {LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2}[type]);
    const style = shapeStyle(state, feature);
    return type.includes('Polygon') ? L.polygon(places, style) : L.polyline(places, style);
  }

  function nameOf(layer) {
    const p = layer.feature.properties;
    const [lon, lat] = p.centre;
    const point = layer.feature.geometry.type === 'Point';
    return {lon, lat, aside: p.aside, text: p.name, kind: 'mark', from: point ? 4 : 3, gap: point ? 15 : 0, rank: 500 + (p.kind === 'site' ? 20 : 40),
            colour: p.kind === 'site' ? 'ink' : colourOf(layer.feature), halo: 'surface'};
  }

  function hint(state, layer, feature) {
    const {words} = state.settings;
    const value = (state.values || {})[feature.id];
    const p = feature.properties;
    const note = [p.label, value ? value.words : p.kind === 'site' ? '' : words.states[p.state], p.country_name].filter(Boolean).join(' · ');
    layer.unbindTooltip();
    atlas.tooltip(layer, p.name, note);
  }

  function restyle(state) {
    for (const sign of state.groups || []) sign.relook(groupLook(state, sign.members));
    for (const layer of Object.values(state.marks || {})) {
      if (layer.relook) layer.relook(lookOf(state, layer.feature));
      else layer.setStyle(shapeStyle(state, layer.feature));
    }
  }

  /** Mark what is chosen, and bring it into view where asked. */
  atlas.mark = function (state, chosen, fly) {
    state.selected = chosen;
    if (chosen && (state.groups || []).some(({members}) => members.some(({id}) => id === chosen.id))) draw(state);
    else restyle(state);
    const feature = chosen && (state.scene || {features: []}).features.find((each) => each.id === chosen.id);
    if (fly && feature) atlas.fly(state, feature.properties.bounds || null, feature.properties.centre);
    else if (fly && chosen.bounds) atlas.fly(state, chosen.bounds); // not on the map yet
    else if (fly && chosen.at) atlas.fly(state, null, chosen.at);
  };

  const CLOSE = 13; // a place is seen with the roads around it, and a bridge as a bridge
  atlas.fly = function (state, bounds, centre, zoom) {
    if (!state.map.getSize().x) return; // hidden: the view is taken when it is shown
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (bounds) state.map.fitBounds(bounds, {animate: !still, maxZoom: CLOSE, padding: [60, 60]});
    else state.map.setView([centre[1], centre[0]], zoom || Math.max(state.map.getZoom(), CLOSE), {animate: !still});
  };

  /** Tell Dash what was clicked. While something is being drawn a click belongs to the drawing. */
  atlas.choose = function (state, what, event) {
    if (event && event.originalEvent) event.originalEvent.atlasTaken = true;
    if (state.drawing) return;
    if (atlas.guard && !atlas.guard(state, what, () => atlas.choose(state, what))) return;
    atlas.mark(state, what, what.fly);
    window.dash_clientside.set_props(`${state.id}-selected`, {data: Object.assign({at: Date.now()}, what)});
  };

  /** Show all kinds but these. */
  atlas.hide = function (state, kinds) {
    state.hidden = new Set(kinds);
    draw(state);
  };
  atlas.redraw = draw;

  atlas.parts.push({
    scene, values, restyle,
    adopt(state) { state.map.on('zoomend', () => { if (state.scene) draw(state); }); },
  });
})();
