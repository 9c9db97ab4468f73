"""Pages, one file each: NAV, Ids, layout(), callbacks. `dashboard.app` lists them."""
