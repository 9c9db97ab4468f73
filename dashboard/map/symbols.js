/* Symbols on the map: the shape of the frame shows the kind, with an icon inside; the outline shows the state.
 *
 * They are painted on the canvas, so that thousands stay smooth; for Leaflet each is a circle marker, which gets clicks.
 */
(function () {
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  atlas.parts = atlas.parts || [];

  const pictograms = {};

  /** The strokes of an icon, once they have come; asks for them at the first call and repaints when they are there. */
  function pictogram(name, renderer) {
    if (!(name in pictograms)) {
      pictograms[name] = null;
      fetch(`/assets/vendor/icons/${name}.svg`, {credentials: 'same-origin'}).then((answer) => (answer.ok ? answer.text() : ''))
        .then((text) => {
          const drawn = new DOMParser().parseFromString(text, 'image/svg+xml');
          pictograms[name] = [...drawn.querySelectorAll('path')].map((path) => path.getAttribute('d'))
            .filter((d) => d && !d.startsWith('M0 0h24v24')).map((d) => new Path2D(d));
          for (const state of atlas.maps.values()) repaint(state.map.options.renderer);
        });
    }
    return pictograms[name];
  }

  function repaint(renderer) {
    if (!renderer || !renderer._map) return;
    renderer._redrawBounds = null;
    L.Util.cancelAnimFrame(renderer._redrawRequest);
    renderer._redrawRequest = L.Util.requestAnimFrame(renderer._redraw, renderer);
  }

  const FRAMES = {
    circle(ink, r) { ink.arc(0, 0, r, 0, 7); },
    square(ink, r) { ink.rect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8); },
    triangle(ink, r) { polygon(ink, [[0, -r * 1.15], [r * 1.15, r * 0.85], [-r * 1.15, r * 0.85]]); },
    diamond(ink, r) { polygon(ink, [[0, -r * 1.3], [r * 1.3, 0], [0, r * 1.3], [-r * 1.3, 0]]); },
    drop(ink, r) { polygon(ink, [[0, r * 1.3], [r * 1.25, -r * 0.95], [-r * 1.25, -r * 0.95]]); },
    hexagon(ink, r) {
      polygon(ink, [0, 1, 2, 3, 4, 5].map((k) => [r * 1.1 * Math.cos((k * Math.PI) / 3), r * 1.1 * Math.sin((k * Math.PI) / 3)]));
    },
    flag(ink, r) {
      ink.moveTo(-r * 0.8, r * 1.3);
      ink.lineTo(-r * 0.8, -r);
      ink.lineTo(r * 1.1, -r);
      ink.lineTo(r * 0.7, -r * 0.35);
      ink.lineTo(r * 1.1, r * 0.3);
      ink.lineTo(-r * 0.8, r * 0.3);
    },
  };

  function polygon(ink, corners) {
    corners.forEach(([x, y], k) => (k ? ink.lineTo(x, y) : ink.moveTo(x, y)));
    ink.closePath();
  }

  /** `look`: frame, radius, icon or text, colours by name (line, face, ink), width, dash, badge, selected. */
  function paint(ink, point, look, renderer) {
    const r = look.radius;
    ink.save();
    ink.translate(point.x, point.y);
    ink.lineJoin = 'round';
    if (look.selected) {
      ink.beginPath();
      ink.arc(0, 0, r + 6, 0, 7);
      ink.globalAlpha = 0.3;
      ink.fillStyle = atlas.colour('accent');
      ink.fill();
      ink.globalAlpha = 1;
    }
    if (look.ring) { // of several: a second outline around the sign
      ink.beginPath();
      FRAMES[look.frame](ink, r + 3.5);
      ink.fillStyle = atlas.colour('surface');
      ink.fill();
      ink.lineWidth = 1.2;
      ink.strokeStyle = atlas.colour(look.line);
      ink.stroke();
    }
    ink.beginPath();
    FRAMES[look.frame](ink, r);
    ink.fillStyle = atlas.colour(look.face);
    ink.fill();
    ink.setLineDash(look.dash || []);
    ink.lineWidth = look.width || 2;
    ink.strokeStyle = atlas.colour(look.line);
    ink.stroke();
    ink.setLineDash([]);
    const strokes = look.icon && pictogram(look.icon, renderer);
    if (strokes) {
      const scale = (r * (look.frame === 'triangle' || look.frame === 'drop' ? 1.0 : 1.3)) / 24;
      ink.save();
      ink.translate(0, look.frame === 'triangle' ? r * 0.2 : look.frame === 'drop' ? -r * 0.25 : 0);
      ink.scale(scale, scale);
      ink.translate(-12, -12);
      ink.lineWidth = 2.4;
      ink.lineCap = 'round';
      ink.strokeStyle = atlas.colour(look.ink);
      for (const stroke of strokes) ink.stroke(stroke);
      ink.restore();
    }
    if (look.text) {
      ink.fillStyle = atlas.colour(look.ink);
      ink.font = '600 10.5px sans-serif';
      ink.textAlign = 'center';
      ink.textBaseline = 'middle';
      ink.fillText(look.text, 0, look.frame === 'drop' ? -r * 0.2 : 0.5);
    }
    if (look.badge) badge(ink, look, r);
    ink.restore();
  }

  function badge(ink, look, r) {
    ink.font = '600 11px sans-serif';
    const width = Math.max(16, ink.measureText(look.badge).width + 8);
    ink.beginPath();
    ink.roundRect(r * 0.4, -r - 8, width, 16, 8);
    ink.fillStyle = atlas.colour('ink');
    ink.fill();
    ink.lineWidth = 1.5;
    ink.strokeStyle = atlas.colour('surface');
    ink.stroke();
    ink.fillStyle = atlas.colour('surface');
    ink.textAlign = 'center';
    ink.textBaseline = 'middle';
    ink.fillText(look.badge, r * 0.4 + width / 2, -r + 0.5);
  }

  const ASIDE = 11; // px: two signs at one crossing stand side by side, each on its own side

  /** Where a sign or name stands whose point is also another country's: beside it. `way` is its own side, east and north. */
  atlas.beside = (point, way) => (way ? point.add([ASIDE * way[0], -ASIDE * way[1]]) : point);

  const symbolClass = () => L.CircleMarker.extend({
    options: {pmIgnore: true}, // drawing neither edits signs nor snaps to thousands of them
    _project() {
      L.CircleMarker.prototype._project.call(this);
      if (!this.options.aside) return;
      this._point = atlas.beside(this._point, this.options.aside);
      this._updateBounds();
    },
    _updateBounds() {
      const r = this._radius + 14; // halo and badge stand out of the frame
      this._pxBounds = new L.Bounds(this._point.subtract([r, r]), this._point.add([r + 20, r]));
    },
    _updatePath() {
      const renderer = this._renderer;
      if (renderer._drawing && !this._empty()) paint(renderer._ctx, this._point, this.options.look, renderer);
    },
    relook(look) { // not setStyle: the look is ours, Leaflet knows nothing of it
      this.options.look = look;
      this.setRadius(look.radius);
    },
  });

  /** A circle with a number in it, for what was counted or ranked. `number` is a text, `ink` names its colour. */
  const bubbleClass = () => L.CircleMarker.extend({
    options: {pmIgnore: true, ink: 'map-event', opacity: 0.82, size: 11},
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const {x, y} = this._point;
      const {number, opacity, size} = this.options;
      const ink = renderer._ctx;
      ink.save();
      ink.beginPath();
      ink.arc(x, y, this._radius, 0, 7);
      ink.fillStyle = atlas.colour(this.options.ink);
      ink.globalAlpha = opacity;
      ink.fill();
      ink.globalAlpha = 1;
      ink.lineWidth = 1.5;
      ink.strokeStyle = atlas.colour('surface');
      ink.stroke();
      ink.fillStyle = atlas.colour('surface');
      ink.font = `600 ${size}px sans-serif`;
      ink.textAlign = 'center';
      ink.textBaseline = 'middle';
      ink.fillText(number, x, y + 0.5);
      ink.restore();
    },
  });

  /** Words at the pointer. As an element, never as HTML: names are what people typed. */
  atlas.tooltip = function (layer, name, note) {
    const words = document.createElement('div');
    const strong = document.createElement('strong');
    strong.textContent = name;
    strong.dir = 'auto';
    words.append(strong);
    if (note) {
      const line = document.createElement('div');
      line.textContent = note;
      line.dir = 'auto';
      words.append(line);
    }
    layer.bindTooltip(words, {className: 'atlas-tip', sticky: true, direction: 'top', offset: [0, -8]});
  };

  atlas.parts.push({load() { Object.assign(atlas, {Symbol: symbolClass(), Bubble: bubbleClass()}); }});
})();
