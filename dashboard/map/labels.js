/* Labels on the map: on one canvas, important names first, none over another. */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  const FONTS = {
    country: ['600', 13], capital: ['600', 12], town: ['400', 11], mark: ['600', 12],
  };
  const CELL = 64;

  /* L.Renderer keeps the canvas in place while the map moves and scales it while it zooms. */
  const labelsClass = () => L.Renderer.extend({
    options: {pane: 'labels', padding: 0.2},

    initialize(state) {
      L.Renderer.prototype.initialize.call(this, {});
      this._state = state;
      this._widths = new Map();
    },

    _initContainer() {
      this._container = document.createElement('canvas');
      this._context = this._container.getContext('2d');
    },

    _destroyContainer() {
      this._container.remove();
      delete this._context;
    },

    _update() {
      if (!this._map || (this._map._animatingZoom && this._bounds)) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = size.x * ratio;
      this._container.height = size.y * ratio;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this._context.scale(ratio, ratio);
      this._context.translate(-this._bounds.min.x, -this._bounds.min.y);
      this.write();
    },

    redraw() {
      if (!this._map || !this._bounds || this._asked) return;
      this._asked = requestAnimationFrame(() => { this._asked = null; if (this._map) this._update(); });
    },

    /** The names that fit, the highest rank first. */
    write() {
      const zoom = this._map.getZoom();
      const box = this._map.getBounds().pad(0.2);
      const [west, south, east, north] = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
      const seen = [];
      for (const names of Object.values(this._state.names)) {
        for (const name of names) {
          if (zoom < name.from || (name.until && zoom > name.until)) continue;
          if (name.lat < south || name.lat > north || name.lon < west || name.lon > east) continue;
          seen.push(name);
        }
      }
      seen.sort((a, b) => b.rank - a.rank);
      const taken = new Map();
      this._signs = seen.filter((name) => name.kind === 'sign').map(({lat, lon, radius}) => {
        const {x, y} = this._map.latLngToLayerPoint([lat, lon]);
        take(taken, x - radius, y - radius, 2 * radius, 2 * radius);
        return {x, y, radius};
      });
      // No name covers the sign of a place, its own or another's.
      for (const {kind, gap, lat, lon, aside} of seen) {
        if (kind !== 'mark' || !gap) continue;
        const {x, y} = atlas.beside(this._map.latLngToLayerPoint([lat, lon]), aside);
        take(taken, x - gap + 4, y - gap + 4, 2 * gap - 8, 2 * gap - 8);
      }
      const marked = new Set(seen.filter((name) => name.kind === 'mark').map((name) => name.text));
      for (const name of seen) {
        if (name.kind === 'sign') continue;
        // A site named after its town says the town's name already.
        if (name.kind === 'mark' || !marked.has(name.text)) this._place(name, zoom, taken);
      }
    },

    _place(name, zoom, taken) {
      const point = atlas.beside(this._map.latLngToLayerPoint([name.lat, name.lon]), name.aside);
      const [weight, base] = FONTS[name.kind];
      const size = name.kind === 'country' ? Math.min(17, base - 3 + zoom) : base;
      const font = `${weight} ${size}px ${this._family()}`;
      const width = this._width(name.text, font);
      const sign = this._signAt(point);
      const gap = sign ? sign.radius + 4 : name.gap || (name.dot ? 5 : 0);
      const places = gap
        ? [[gap, -size / 2], [-gap - width, -size / 2], [-width / 2, gap], [-width / 2, -gap - size]]
        : [[-width / 2, -size / 2]];
      if (name.aside && name.aside[0] < 0) places.splice(0, 2, places[1], places[0]); // away from the other side
      for (const [dx, dy] of places) {
        const x = point.x + dx, y = point.y + dy;
        if (!free(taken, x - 3, y - 2, width + 6, size + 4)) continue;
        this._paint(name, x, y, size, font, point);
        return;
      }
    },

    /** The sign that stands on a point, where one does: no name and no dot of a town covers it. */
    _signAt(point) {
      return this._signs.find(({x, y, radius}) => Math.abs(point.x - x) < radius && Math.abs(point.y - y) < radius);
    },

    _paint(name, x, y, size, font, point) {
      const ink = this._context;
      ink.font = font;
      ink.textBaseline = 'top';
      ink.textAlign = 'left';
      ink.lineJoin = 'round';
      ink.lineWidth = 3;
      ink.strokeStyle = atlas.colour(name.halo || 'map-land');
      ink.fillStyle = atlas.colour(name.colour || (name.kind === 'country' ? 'map-country' : 'map-label'));
      ink.globalAlpha = 0.85;
      ink.strokeText(name.text, x, y);
      ink.globalAlpha = 1;
      ink.fillText(name.text, x, y);
      if (!name.dot || this._signAt(point)) return;
      ink.beginPath();
      ink.arc(point.x, point.y, name.kind === 'capital' ? 2.6 : 1.8, 0, 7);
      ink.fill();
    },

    _family() {
      return (this._known = this._known || getComputedStyle(this._state.frame).fontFamily || 'sans-serif');
    },

    _width(text, font) {
      const key = font + text;
      if (!this._widths.has(key)) {
        this._context.font = font;
        this._widths.set(key, this._context.measureText(text).width);
      }
      return this._widths.get(key);
    },
  });

  /** The cells of a grid that a box touches: by them the boxes near it are found. */
  function cellsOf(x, y, width, height) {
    const cells = [];
    for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column += 1) {
      for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row += 1) cells.push(`${column},${row}`);
    }
    return cells;
  }

  /** Take a box, whatever lies in it: signs may lie over each other. */
  function take(taken, ...box) {
    for (const cell of cellsOf(...box)) taken.set(cell, [...(taken.get(cell) || []), box]);
  }

  /** Whether nothing lies in this box yet; if so it is taken. */
  function free(taken, x, y, width, height) {
    for (const cell of cellsOf(x, y, width, height)) {
      for (const [left, top, wide, high] of taken.get(cell) || []) {
        if (x < left + wide && left < x + width && y < top + high && top < y + height) return false;
      }
    }
    take(taken, x, y, width, height);
    return true;
  }

  /** Set the names of one source ("countries", "places", "marks" ...). */
  atlas.label = function (state, source, names) {
    if (!state.labels) {
      state.names = {};
      state.labels = new atlas.Labels(state).addTo(state.map);
    }
    state.names[source] = names;
    state.labels.redraw();
  };

  atlas.parts.push({
    load() { atlas.Labels = labelsClass(); },
    restyle(state) { if (state.labels) state.labels.redraw(); },
  });
  document.fonts.ready.then(() => {
    for (const state of (atlas.maps || new Map()).values()) if (state.labels) state.labels.redraw();
  });
})();
