"""LlamaIndex: SentenceSplitter, VectorStoreIndex, BM25Retriever, QueryFusionRetriever."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.quality.corpus import DEPTH, Corpus, Searcher, System, best, jieba_words, needed, sentences
from rag.encoder.base import Encoder
from rag.evaluate.search_metrics import Ranked

OVERLAP = 200 / 1024  # of the library's default passages, in tokens
_SAMPLE = 20_000


def default(corpus: Corpus) -> Searcher:
    """The library's splitter counts tokens; its size is set to as many as ``corpus.size`` characters have here."""
    core, utils = needed("llama_index.core.node_parser"), needed("llama_index.core.utils")
    sample = "".join(corpus.texts.values())[:_SAMPLE]
    size = round(corpus.size * len(utils.get_tokenizer()(sample)) / max(1, len(sample)))
    splitter = core.SentenceSplitter(chunk_size=size, chunk_overlap=round(OVERLAP * size))
    return _asked(_vectors(corpus, _nodes(corpus, splitter)))


def chinese(corpus: Corpus) -> Searcher:
    return _asked(_vectors(corpus, _nodes(corpus, _chinese_splitter(corpus))))


def hybrid(corpus: Corpus) -> Searcher:
    """BM25 over jieba words and vectors, fused by relative score (the best of its modes here); no rewritten questions."""
    nodes = _nodes(corpus, _chinese_splitter(corpus))
    fusion = needed("llama_index.core.retrievers").QueryFusionRetriever(
        [_vectors(corpus, nodes), _jieba_bm25(nodes)],
        llm=needed("llama_index.core.llms").MockLLM(),
        mode="relative_score",
        similarity_top_k=DEPTH,
        num_queries=1,
        use_async=False,
    )
    return _asked(fusion)


def _chinese_splitter(corpus: Corpus) -> Any:
    return needed("llama_index.core.node_parser").SentenceSplitter(
        chunk_size=corpus.size,
        chunk_overlap=0,
        tokenizer=list,
        paragraph_separator="\n",
        chunking_tokenizer_fn=lambda text: [*sentences(text)],
        secondary_chunking_regex="[^，、]+[，、]?",
    )


def _nodes(corpus: Corpus, splitter: Any) -> list[Any]:
    """Passages; the file's name is kept out of what is encoded, as SimpleDirectoryReader does."""
    schema = needed("llama_index.core.schema")
    hidden = {"excluded_embed_metadata_keys": ["file_name"], "excluded_llm_metadata_keys": ["file_name"]}
    documents = [schema.Document(text=t, metadata={"file_name": f}, **hidden) for f, t in corpus.texts.items()]
    return list(splitter.get_nodes_from_documents(documents))


def _vectors(corpus: Corpus, nodes: list[Any]) -> Any:
    index = needed("llama_index.core").VectorStoreIndex(nodes, embed_model=_embedding(corpus.encoder))
    return index.as_retriever(similarity_top_k=DEPTH)


def _embedding(encoder: Encoder) -> Any:
    """The encoder behind LlamaIndex's interface for one."""

    class Embedding(needed("llama_index.core.embeddings").BaseEmbedding):  # type: ignore[misc]
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return encoder.encode_passages(texts).tolist()

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return list(encoder.encode_queries([query])[0].tolist())

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return Embedding(model_name=encoder.name, embed_batch_size=256)


def _jieba_bm25(nodes: list[Any]) -> Any:
    """The library's BM25Retriever cuts at white space and English words only: it gets words with spaces between."""
    schema = needed("llama_index.core.schema")
    by_id = {node.node_id: node for node in nodes}
    spaced = [schema.TextNode(id_=node.node_id, text=" ".join(jieba_words(node.text))) for node in nodes]
    words = needed("llama_index.retrievers.bm25").BM25Retriever(
        nodes=spaced, similarity_top_k=DEPTH, skip_stemming=True, token_pattern=r"\S+"
    )

    class Jieba(needed("llama_index.core.retrievers").BaseRetriever):  # type: ignore[misc]
        def _retrieve(self, query_bundle: Any) -> list[Any]:
            found = words.retrieve(" ".join(jieba_words(query_bundle.query_str)))
            return [schema.NodeWithScore(node=by_id[f.node.node_id], score=f.score) for f in found if f.score]

    return Jieba()


def _asked(retriever: Any) -> Searcher:
    def search(query: str) -> list[Ranked]:
        if not re.search(r"\w", query):
            return []
        return best([Ranked(f.node.metadata["file_name"], f.node.text) for f in retriever.retrieve(query)])

    return search


SYSTEMS = (
    System("llamaindex", "LlamaIndex", "default splitter, vectors", default),
    System("llamaindex-zh", "LlamaIndex", "sentences at 。！？；, vectors", chinese),
    System(
        "llamaindex-zh-hybrid",
        "LlamaIndex",
        "sentences at 。！？；, vectors + jieba BM25 (QueryFusionRetriever)",
        hybrid,
    ),
)
