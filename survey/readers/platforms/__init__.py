"""One file a platform: what it calls its columns, and which of them belong together."""
