/* The Leaflet map as a component of Dash. Leaflet is fetched with the first one, its tools for drawing with the first that
   is drawn on. The map is made when React shows the component, and removed when React takes it away. */
(() => {
  const { React } = window;
  const atlas = (window.musterAtlas = window.musterAtlas || {});
  async function loaded(drawing) {
    const { load } = window.musterScripts;
    await Promise.all([load("leaflet.js"), load("leaflet.css")]);
    if (drawing) await Promise.all([load("geoman.js"), load("geoman.css")]);
  }

  class LeafletMap extends React.Component {
    constructor(props) {
      super(props);
      this.place = React.createRef();
    }

    async componentDidMount() {
      await loaded(this.props.drawing);
      if (!this.place.current) return; // gone meanwhile
      this.map = atlas.open(this.place.current);
    }

    componentWillUnmount() {
      if (this.map) this.map.remove();
    }

    shouldComponentUpdate() {
      return false; // what is inside is Leaflet's
    }

    render() {
      return React.createElement("div", { ref: this.place, id: this.props.id, className: "atlas-map" });
    }
  }

  window.muster_components = Object.assign(window.muster_components || {}, { LeafletMap });
})();
