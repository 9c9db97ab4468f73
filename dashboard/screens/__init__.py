"""One folder a screen, named as its address: page, parts, ids, script, style. No screen imports another."""
