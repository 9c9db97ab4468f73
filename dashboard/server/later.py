"""Modules that the first answer does not need: imported when first used, or by `load` once the server answers.

A module that needs geopandas, pandas, scipy or openpyxl, or a part of geodata that stands on them, inside its functions
only takes it from `server/heavy.py`; dear modules of `dashboard.papers` are put off by that package.
"""

from operations.core.lazy_import import Later as Later
from operations.core.lazy_import import later as later
from operations.core.lazy_import import load as load
