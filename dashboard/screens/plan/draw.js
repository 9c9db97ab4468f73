/* Drawing by hand, with Leaflet-Geoman: a new shape, and the shape of the chosen object as a draft that can be changed.
 *
 * Nothing is stored here. A finished or changed shape goes into a dcc.Store; the form on the page saves it.
 */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  const SHAPES = {area: 'Polygon', hotspot_area: 'Polygon', route: 'Line', measure: 'Line'}; // every other tool sets a point
  const PANELS = {measure: 'measure', rings: 'point'}; // these draw nothing that is saved
  const DECIMALS = 6;

  /** An identifier made here, so that a form sent twice is recognised. randomUUID exists on secure pages only. */
  atlas.newId = function () {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };

  function handle() {
    return L.divIcon({className: 'atlas-handle', iconSize: [30, 30], iconAnchor: [15, 15]});
  }

  const narrow = () => window.matchMedia('(max-width: 760px)').matches;

  /** Begin to draw; `keys`: by the keyboard, so that one goes on in the panel where points are typed. */
  atlas.startTool = function (state, tool, keys) {
    atlas.stopTool(state);
    if (!tool || (atlas.guard && !atlas.guard(state, {type: 'new'}, () => atlas.startTool(state, tool, keys)))) return;
    const shape = SHAPES[tool] || 'Marker';
    const line = {color: atlas.colour('accent'), weight: 2.2};
    // Its panel opens at once: what is drawn can be typed as well. On a phone it would lie over the map.
    if (tool in PANELS) atlas.choose(state, {type: PANELS[tool]});
    else if (keys || !narrow()) atlas.choose(state, {type: 'typed', id: tool, kind: tool, keys: !!keys});
    state.drawing = tool;
    state.discard = false;
    state.map.doubleClickZoom.disable();
    state.map.pm.enableDraw(shape, {
      tooltips: false, continueDrawing: false, allowSelfIntersection: true, finishOn: shape === 'Marker' ? null : 'dblclick',
      snapDistance: 10, markerStyle: {icon: handle()}, markerEditable: false,
      templineStyle: line, hintlineStyle: {...line, dashArray: '5 5'}, pathOptions: {...line, fillOpacity: 0.1},
    });
    state.frame.classList.add('is-drawing');
    told(state);
  };

  /** End drawing; what was begun is lost. */
  atlas.stopTool = function (state) {
    if (!state.drawing) return;
    state.drawing = null;
    state.map.pm.disableDraw();
    state.map.doubleClickZoom.enable();
    state.frame.classList.remove('is-drawing');
    told(state);
  };

  function begun(state) {
    const shape = SHAPES[state.drawing];
    const layer = shape && state.map.pm.Draw[shape]._layer;
    return layer && layer.getLatLngs ? layer.getLatLngs().flat().length : 0;
  }

  /** Esc while drawing: the first one asks where there is something to lose. */
  atlas.escape = function (state) {
    if (!state.drawing) return false;
    if (begun(state) > 1 && !state.discard) {
      state.discard = true;
      atlas.hintBar(state, state.settings.words.discard);
      setTimeout(() => { state.discard = false; if (state.drawing) told(state); }, 3000);
    } else {
      atlas.stopTool(state);
    }
    return true;
  };

  atlas.undoVertex = function (state) {
    const shape = SHAPES[state.drawing];
    if (!shape || !begun(state)) return false;
    state.map.pm.Draw[shape]._removeLastVertex();
    return true;
  };

  function told(state) {
    const {words} = state.settings;
    const shape = state.drawing && (SHAPES[state.drawing] || 'Marker');
    atlas.hintBar(state, shape ? words.draw[state.drawing] || words.draw[shape] : '');
    for (const button of document.querySelectorAll('[data-tool]')) {
      button.setAttribute('aria-pressed', String(button.dataset.tool === (state.drawing || 'select')));
    }
  }

  atlas.hintBar = function (state, text) {
    const bar = state.frame.querySelector('[data-hint]');
    if (!bar) return;
    bar.textContent = text;
    bar.hidden = !text;
  };

  function adopt(state) {
    if (!state.map.pm) return;
    state.map.pm.setGlobalOptions({layerGroup: state.map});
    state.map.on('pm:create', ({layer}) => {
      const tool = state.drawing;
      const geometry = shapeOf(layer);
      layer.remove();
      atlas.stopTool(state);
      if (!tool) return;
      if (tool === 'site') {
        const [lon, lat] = geometry.coordinates;
        atlas.choose(state, {type: 'place', lat, lon});
      } else if (tool === 'rings') {
        const [lon, lat] = geometry.coordinates;
        atlas.choose(state, {type: 'point', lat, lon});
      } else if (tool === 'measure') {
        atlas.choose(state, {type: 'measure', geometry});
      } else {
        const id = atlas.newId();
        atlas.choose(state, {type: 'new', id, kind: tool === 'hotspot_area' ? 'hotspot' : tool, geometry});
      }
    });
  }

  function shapeOf(layer) {
    const {type, coordinates} = layer.toGeoJSON(DECIMALS).geometry;
    return {type, coordinates: type === 'LineString' ? once(coordinates) : type === 'Polygon' ? coordinates.map(once) : coordinates};
  }

  /* The double click that ends a line sets its last point twice. */
  function once(line) {
    return line.filter((here, k) => !k || here[0] !== line[k - 1][0] || here[1] !== line[k - 1][1]);
  }

  /** Show the draft: `draft` says which object, `geometry` where. Null takes it away. */
  function draft(state, {draft: wanted, geometry}) {
    const same = state.draft && wanted && state.draft.object_id === wanted.object_id;
    const left = state.draft && !same;
    if (same && JSON.stringify(geometry) === state.published) {
      state.draft = wanted;
      return;
    }
    clear(state);
    state.draft = wanted;
    state.published = JSON.stringify(geometry);
    if (wanted && geometry) show(state, geometry, wanted);
    if (left || !same) {
      atlas.dirty = !!(wanted && wanted.fresh);
      atlas.redraw(state);
    }
  }

  function clear(state) {
    if (state.draftLayer) {
      if (state.draftLayer.pm) state.draftLayer.pm.disable();
      state.draftLayer.remove();
    }
    state.draftLayer = null;
  }

  function show(state, geometry, {editable}) {
    const {type, coordinates} = geometry;
    if (type === 'Point') {
      const [lon, lat] = coordinates;
      state.draftLayer = L.marker([lat, lon], {icon: handle(), draggable: editable, pmIgnore: true, keyboard: false}).addTo(state.map);
      state.draftLayer.on('dragend', () => publish(state));
      return;
    }
    const depth = {LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2}[type];
    state.sketch = state.sketch || L.svg({pane: 'draft'});
    const style = {renderer: state.sketch, color: atlas.colour('accent'), weight: 2.5, fillOpacity: 0.12, className: 'atlas-draft'};
    const places = L.GeoJSON.coordsToLatLngs(coordinates, depth);
    state.draftLayer = (type.includes('Polygon') ? L.polygon(places, style) : L.polyline(places, style)).addTo(state.map);
    if (!editable) return;
    state.draftLayer.pm.enable({allowSelfIntersection: true, snapDistance: 10});
    state.draftLayer.on('pm:edit pm:dragend', () => publish(state));
  }

  function publish(state) {
    const geometry = shapeOf(state.draftLayer);
    state.published = JSON.stringify(geometry);
    atlas.touched();
    window.dash_clientside.set_props('plan-geometry', {data: geometry});
  }

  /** Switch between moving corners and moving the whole shape. */
  atlas.moveWhole = function (state, whole) {
    const layer = state.draftLayer;
    if (!layer || !layer.pm || !layer.getLatLngs) return;
    if (whole) {
      layer.pm.disable();
      layer.pm.enableLayerDrag();
    } else {
      layer.pm.disableLayerDrag();
      layer.pm.enable({allowSelfIntersection: true, snapDistance: 10});
    }
  };

  /** The tool that the address asks for (`?tool=`), where this person has it. */
  function asked() {
    const tool = new URLSearchParams(window.location.search).get('tool');
    const button = tool && document.querySelector(`[data-tool="${CSS.escape(tool)}"]`);
    if (button) button.click();
  }

  /** A tool was pressed: it begins; pressed again, it ends. */
  function tool(state, {tool: pressed, keys}) {
    atlas.startTool(state, pressed === 'select' || pressed === state.drawing ? null : pressed, keys);
  }

  atlas.parts.push({adopt(state) { adopt(state); setTimeout(() => state.drawing || asked(), 0); }, draft, tool});
})();
