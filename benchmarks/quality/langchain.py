"""LangChain: RecursiveCharacterTextSplitter, InMemoryVectorStore, BM25Retriever, EnsembleRetriever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.quality.corpus import DEPTH, Corpus, Searcher, System, best, jieba_words, needed
from rag.encoder.base import Encoder
from rag.evaluate.search_metrics import Ranked

# The library's defaults are 4,000 characters with 200 of overlap, with these separators and no Chinese ones.
OVERLAP = 200 / 4000
CHINESE = ["\n\n", "\n", "。", "！", "？", "；", "，", ""]


def default(corpus: Corpus) -> Searcher:
    splitters = needed("langchain_text_splitters")
    splitter = splitters.RecursiveCharacterTextSplitter(
        chunk_size=corpus.size, chunk_overlap=round(OVERLAP * corpus.size)
    )
    return _asked(_vectors(corpus, _documents(corpus, splitter)))


def chinese(corpus: Corpus) -> Searcher:
    return _asked(_vectors(corpus, _documents(corpus, _chinese_splitter(corpus))))


def hybrid(corpus: Corpus) -> Searcher:
    """BM25 over jieba words and vectors, fused by reciprocal rank, half and half."""
    documents = _documents(corpus, _chinese_splitter(corpus))
    words = needed("langchain_community.retrievers").BM25Retriever.from_documents(
        documents, preprocess_func=jieba_words, k=DEPTH
    )
    ensemble = needed("langchain_classic.retrievers").EnsembleRetriever(
        retrievers=[words, _vectors(corpus, documents)], weights=[0.5, 0.5]
    )
    return _asked(ensemble)


def _chinese_splitter(corpus: Corpus) -> Any:
    splitters = needed("langchain_text_splitters")
    return splitters.RecursiveCharacterTextSplitter(
        separators=CHINESE, chunk_size=corpus.size, chunk_overlap=0, keep_separator="end"
    )


def _documents(corpus: Corpus, splitter: Any) -> list[Any]:
    return list(splitter.create_documents([*corpus.texts.values()], [{"source": file} for file in corpus.texts]))


def _vectors(corpus: Corpus, documents: Sequence[Any]) -> Any:
    store = needed("langchain_core.vectorstores").InMemoryVectorStore(_embeddings(corpus.encoder))
    store.add_documents(list(documents))
    return store.as_retriever(search_kwargs={"k": DEPTH})


def _embeddings(encoder: Encoder) -> Any:
    """The encoder behind LangChain's interface for one."""

    class Embeddings(needed("langchain_core.embeddings").Embeddings):  # type: ignore[misc]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return encoder.encode_passages(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return list(encoder.encode_queries([text])[0].tolist())

    return Embeddings()


def _asked(retriever: Any) -> Searcher:
    return lambda query: best([Ranked(d.metadata["source"], d.page_content) for d in retriever.invoke(query)])


SYSTEMS = (
    System("langchain", "LangChain", "default separators, vectors", default),
    System("langchain-zh", "LangChain", "separators 。！？；, vectors", chinese),
    System("langchain-zh-hybrid", "LangChain", "separators 。！？；, vectors + jieba BM25 (EnsembleRetriever)", hybrid),
)
