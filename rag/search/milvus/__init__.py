"""The Milvus engine, for archives beyond one machine; installed by ``pip install .[milvus]``."""
