"""The HTTP service, asked by a real client: the command line's JSON, typed errors, keys, changes of the archive."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fakes import speech, write
from pydantic import TypeAdapter
from servers import KEY, OTHER_KEY, printed

from rag.encoder.load import load_encoder
from rag.pipeline.run import Ingester
from rag.serve import schemas
from rag.text.words import Analyzer

QUESTION = "紧急信息多长时间内上报"
SHAPES = {
    "/search": list[schemas.Hit],
    "/phrases": list[schemas.Phrase],
    "/ask": schemas.Answer,
    "/speeches": list[schemas.Speech],
    "/health": schemas.Health,
}


def got(client: httpx2.Client, path: str, **query: Any) -> Any:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_search_is_what_the_command_line_prints(keyed: httpx2.Client, sample_archive: Path) -> None:
    served = got(keyed, "/search", q=QUESTION, k=7, year="2012-2020", genre=["讲话", "报告"])
    filters = ("-k", "7", "--year", "2012-2020", "--genre", "讲话", "--genre", "报告")
    assert served == printed("search", QUESTION, *filters, "--archive", sample_archive, "--json")
    assert len(served) == 7


@pytest.mark.parametrize(
    "question", [QUESTION, '"量子纠错码" 怎么实现', "what did they say about information reporting"]
)
def test_ask_is_what_the_command_line_prints(keyed: httpx2.Client, sample_archive: Path, question: str) -> None:
    assert got(keyed, "/ask", q=question) == printed("ask", question, "--archive", sample_archive, "--json")


def test_phrases_are_what_the_command_line_prints(keyed: httpx2.Client, sample_archive: Path) -> None:
    served = got(keyed, "/phrases", q="形容工作细致不出错的说法", k=5, function=["比喻警句", "部署要求"])
    wanted = ("-k", "5", "--function", "比喻警句", "--function", "部署要求", "--archive", sample_archive, "--json")
    assert served == printed("phrases", "形容工作细致不出错的说法", *wanted)
    assert {one["function"] for one in served} <= {"比喻警句", "部署要求"}
    assert served


def test_speeches_are_what_the_command_line_prints(keyed: httpx2.Client, sample_archive: Path) -> None:
    listed = printed("list", "--archive", sample_archive, "--json")
    assert got(keyed, "/speeches") == listed
    assert got(keyed, "/speeches", start=5, limit=3) == listed[5:8]
    one = listed[7]["speech_id"]
    assert got(keyed, f"/speeches/{one}") == printed("show", one, "--archive", sample_archive, "--json")


def test_what_is_shown_stands_at_its_offsets(keyed: httpx2.Client) -> None:
    for hit in got(keyed, "/search", q="安全生产", k=20):
        whole = got(keyed, f"/speeches/{hit['speech_id']}")
        assert whole["text"][hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize("path", SHAPES)
def test_answers_have_the_documented_shape(keyed: httpx2.Client, path: str) -> None:
    query = {"q": QUESTION} if path in ("/search", "/ask", "/phrases") else {}
    TypeAdapter(SHAPES[path]).validate_python(got(keyed, path, **query), strict=True)
    refused = got(keyed, "/ask", q='"量子纠错码"')
    assert not schemas.Answer.model_validate(refused, strict=True).answered


def test_every_speech_has_the_documented_shape(keyed: httpx2.Client) -> None:
    for one in got(keyed, "/speeches")[:20]:
        schemas.SpeechDetail.model_validate(got(keyed, f"/speeches/{one['speech_id']}"), strict=True)


def test_the_openapi_document_names_every_address(keyed: httpx2.Client) -> None:
    document = got(keyed, "/openapi.json")
    assert document["openapi"].startswith("3.")
    assert {"/health", "/search", "/ask", "/phrases", "/speeches", "/speeches/{speech_id}"} == set(document["paths"])
    for path in document["paths"].values():
        assert set(path) == {"get"}, "the service only reads"
        assert path["get"]["responses"]["400"]["content"]["application/json"]["schema"]["$ref"].endswith("/Failure")


@pytest.mark.parametrize(
    ("path", "status", "kind", "said"),
    [
        ("/search", 422, "parameter", "缺少参数 q"),
        ("/search?q=", 422, "parameter", "参数 q 不能为空"),
        ("/ask?q=" + "长" * 501, 422, "parameter", "参数 q 最长 500 字"),
        ("/search?q=a&k=0", 422, "parameter", "参数 k 不能小于 1"),
        ("/search?q=a&k=x", 422, "parameter", "参数 k 应为整数"),
        ("/search?q=a&k=1000", 422, "parameter", "参数 k 不能大于 100"),
        ("/search?q=a" + "&place=b" * 21, 422, "parameter", "参数 place 最多给 20 个"),
        ("/search?q=-a", 400, "usage", "请至少写一个要找的词"),
        ("/search?q=a&year=last", 400, "usage", "年份应写成"),
        ("/search?q=a&function=x", 400, "usage", "没有「x」这种句子功能。可选：开场谦辞、"),
        ("/speeches/nope", 404, "not-found", "没有编号为 nope 的讲话"),
        ("/nowhere", 404, "http", "没有这个地址"),
    ],
)
def test_mistakes_are_told_in_one_sentence(keyed: httpx2.Client, path: str, status: int, kind: str, said: str) -> None:
    answer = keyed.get(path)
    assert answer.status_code == status
    error = schemas_failure(answer)
    assert error["type"] == kind
    assert said in error["message"]


def schemas_failure(answer: httpx2.Response) -> dict[str, str]:
    assert set(answer.json()) == {"error"}
    error: dict[str, str] = answer.json()["error"]
    assert set(error) == {"type", "message"}
    return error


def test_only_reading_is_possible(keyed: httpx2.Client) -> None:
    assert keyed.post("/search", json={"q": QUESTION}).status_code == 405
    assert keyed.delete("/speeches/x").status_code == 405


@pytest.mark.parametrize("headers", [{"Authorization": f"Bearer {OTHER_KEY}"}, {"Authorization": "", "X-API-Key": KEY}])
def test_any_of_the_keys_opens(keyed: httpx2.Client, headers: dict[str, str]) -> None:
    assert keyed.get("/speeches", params={"limit": 1}, headers=headers).status_code == 200


@pytest.mark.parametrize("given", ["", "Bearer", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", f"Basic {KEY}", "Bearer 密钥"])
def test_without_a_key_nothing_is_told(keyed: httpx2.Client, given: str) -> None:
    answer = keyed.get("/speeches", headers={"Authorization": given.encode()})
    assert answer.status_code == 401
    assert "密钥" in schemas_failure(answer)["message"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_health_and_the_document_need_no_key(keyed: httpx2.Client) -> None:
    for path in ("/health", "/openapi.json"):
        assert keyed.get(path, headers={"Authorization": ""}).status_code == 200


def test_answers_are_kept_by_nobody(keyed: httpx2.Client) -> None:
    assert keyed.get("/health").headers["Cache-Control"] == "no-store"


def test_without_keys_other_host_names_are_refused(served: Callable[..., httpx2.Client], sample_archive: Path) -> None:
    client = served(sample_archive)
    assert client.get("/speeches").status_code == 200
    answer = client.get("/speeches", headers={"Host": "rebound.example"})
    assert answer.status_code == 403
    assert schemas_failure(answer)["type"] == "host"


def test_a_key_is_limited_and_another_is_not(served: Callable[..., httpx2.Client], sample_archive: Path) -> None:
    client = served(sample_archive, YANJU_API_KEYS=f"{KEY},{OTHER_KEY}", YANJU_API_RATE="2")
    ask = [client.get("/speeches", headers={"X-API-Key": key}) for key in (KEY, KEY, KEY, OTHER_KEY)]
    assert [answer.status_code for answer in ask] == [200, 200, 429, 200]
    assert 1 <= int(ask[2].headers["Retry-After"]) <= 30
    assert "每分钟最多 2 次" in schemas_failure(ask[2])["message"]


def test_changes_show_without_a_restart(
    served: Callable[..., httpx2.Client], tmp_path: Path, analyzer: Analyzer
) -> None:
    first = write(tmp_path / "a" / "一.txt", speech("在第一次会议上的讲话", "信息报送要快，半小时内要有第一声。"))
    second = write(tmp_path / "b" / "二.txt", speech("在第二次会议上的讲话", "档案移交要全，一页也不能少。"))
    folder, other = tmp_path / "archive", tmp_path / "other"
    Ingester.open(folder, load_encoder(), analyzer).ingest_paths([first])
    client = served(folder)
    assert [one["file"] for one in got(client, "/speeches")] == ["一.txt"]
    Ingester.open(folder, load_encoder(), analyzer).ingest_paths([second])
    assert got(client, "/search", q="档案移交", k=1)[0]["file"] == "二.txt"
    third = write(tmp_path / "c" / "三.txt", speech("在第三次会议上的讲话", "保密柜的钥匙要交两个人保管。"))
    Ingester.open(other, load_encoder(), analyzer).ingest_paths([third])
    shutil.rmtree(folder)
    shutil.move(other, folder)  # a backup put in its place
    assert [one["file"] for one in got(client, "/speeches")] == ["三.txt"]
    assert got(client, "/ask", q="钥匙交给谁保管")["citations"][0]["file"] == "三.txt"
    shutil.rmtree(folder)
    gone = client.get("/health")
    assert gone.status_code == 503
    assert schemas_failure(gone)["type"] == "archive"
