"""The archive for other programs: over HTTP, and as tools of a language model (MCP). Reading only."""
