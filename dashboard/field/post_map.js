/* The map of a post, from the file that is kept here: drawn by the scripts of every map (`map/`), without a network.
 *
 * Tiles that the file does not hold never come, so that a coarser one stands in for them.
 */
import { button, filled } from "./views.js";

const { make } = window.muster.reportLines;
const MAP = "field-map";

async function drawing() {
  await import("/assets/vendor/later/leaflet.js");
  await import("/field/atlas.js");
  return window.musterAtlas;
}

function answer(packed) {
  if (packed === undefined) return new Promise(() => {});
  if (!packed) return Promise.resolve(new Response(null, { status: 204 }));
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return Promise.resolve(new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))));
}

export async function openMap(app, host, site, { made, name, settings, scene, tiles, notice }) {
  const { words, speech } = app;
  settings.tiles = settings.tiles.map((source) => ({ ...source, url: site, version: made }));
  const place = make("div", { id: MAP, class: "atlas-map" });
  const things = scene.features.map(({ properties: { name: said, label, country_name: country } }) => make("li", {}, make("strong", {}, make("bdi", {}, said)), ` · ${[label, country].filter(Boolean).join(" · ")}`));
  let map = null;
  const leave = () => { map?.remove(); app.goHome(); };
  host.replaceChildren(make("main", { class: "field-post" },
    button(words.back, leave, "quiet", { class: "reports-button reports-button-quiet field-back" }),
    make("h1", { class: "field-name" }, make("bdi", {}, name)), make("p", { class: "m-dim" }, filled(words.as_of, { moment: speech.moment(made) })),
    make("div", { class: "atlas", "data-atlas": JSON.stringify(settings) }, make("div", { class: "atlas-ground", role: "region", "aria-label": `${words.open_map}: ${name}` }, place),
      make("div", { class: "atlas-notice" }, make("span", {}, notice[0]))),
    make("details", { class: "field-card" }, make("summary", {}, words.on_map, make("span", { class: "m-num m-dim" }, ` ${things.length}`)), make("ul", {}, ...things)),
    ...notice.slice(1).map((text) => make("p", { class: "m-dim m-small" }, text))));
  const atlas = await drawing();
  if (!place.isConnected) return;
  atlas.fetchTile = (address) => answer(tiles[address.slice(site.length + 1).split("?")[0]]);
  atlas.choose = (state, what) => atlas.mark(state, what);
  map = atlas.open(place);
  const told = scene.features.filter(({ properties }) => properties.kind === "site").map(({ id }) => [id, { state: "untold", words: "" }]);
  atlas.deliver(MAP, "values", Object.fromEntries(told));
  atlas.deliver(MAP, "scene", scene);
  atlas.mark(atlas.maps.get(MAP), { type: "site", id: site });
}
