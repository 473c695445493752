"""Where bytes lie: local folders, tar shards and object stores. Holds no pose and no row."""
