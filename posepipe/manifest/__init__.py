"""The manifest: a folder of Parquet fragments with one row per caption, variant and attempt.

:func:`read_manifest` is the public entry; the other names are for posepipe's own packages.
"""

from posepipe.manifest.fragments import list_fragments, write_fragment
from posepipe.manifest.inspection import UnreadableFragment, inspect
from posepipe.manifest.reading import each_fragment, newest, newest_indices, read_manifest, read_table
from posepipe.manifest.schema import SCHEMA, SCHEMA_VERSION
from posepipe.manifest.upkeep import claim, compact, owner_of, set_aside, sweep, tidy

__all__ = [
    "SCHEMA",
    "SCHEMA_VERSION",
    "UnreadableFragment",
    "claim",
    "compact",
    "each_fragment",
    "inspect",
    "list_fragments",
    "newest",
    "newest_indices",
    "owner_of",
    "read_manifest",
    "read_table",
    "set_aside",
    "sweep",
    "tidy",
    "write_fragment",
]
