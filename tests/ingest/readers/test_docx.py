"""DOCX: everything Word shows, in order, and nothing it hides."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx_builder import NAMESPACES, add_part, document, paragraph, read, rewritten, saved

from rag.errors import ReadError
from rag.ingest.readers import ReadLimits, read_bytes

SPEECH = ("在全县办公室主任会议上的讲话", "同志们：", "", "今天召开这次会议。")


def reason(data: bytes, limits: ReadLimits | None = None) -> str:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "讲话.docx", limits or ReadLimits())
    return caught.value.reason


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def test_paragraphs_are_lines_empty_ones_too() -> None:
    source = read(document(*map(paragraph, SPEECH)))
    assert source.text == "\n".join(SPEECH)
    assert source.format == "docx"
    assert (source.generated, source.headings, source.notes) == ((), (), ())


def test_runs_breaks_tabs_and_spaces() -> None:
    inner = (
        "<w:r><w:t>抓</w:t></w:r><w:hyperlink><w:r><w:t>落</w:t></w:r></w:hyperlink>"
        '<w:r><w:t xml:space="preserve"> </w:t>'
        "<w:tab/><w:t>实</w:t><w:br/><w:t>二</w:t><w:noBreakHyphen/><w:t>三</w:t></w:r>"
        '<w:sdt><w:sdtPr><w:alias w:val="控件"/></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>内容</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    )
    assert read(document(f"<w:p>{inner}</w:p>")).text == "抓落 \t实\n二-三内容拼"


def test_tables_stand_where_they_stand() -> None:
    table = "<w:tbl>" + row(paragraph("单位"), paragraph("件数")) + row(paragraph("甲局"), paragraph("12")) + "</w:tbl>"
    assert read(document(paragraph("前"), table, paragraph("后"))).text == "前\n单位\t件数\n甲局\t12\n后"


def test_layout_table_and_nested_table() -> None:
    inner = "<w:tbl>" + row(paragraph("甲"), paragraph("乙")) + "</w:tbl>"
    table = "<w:tbl>" + row(paragraph("左"), paragraph("右一") + paragraph("右二") + inner + paragraph("")) + "</w:tbl>"
    assert read(document(table)).text == "左\n右一\n右二\n甲\t乙"


def test_vertically_merged_cells_are_shown_once() -> None:
    merged = "<w:tr><w:tc><w:tcPr><w:vMerge{}/></w:tcPr>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    table = (
        "<w:tbl>"
        + merged.format(' w:val="restart"', paragraph("组"), paragraph("1"))
        + merged.format("", paragraph("隐"), paragraph("2"))
        + "</w:tbl>"
    )
    assert read(document(table)).text == "组\t1\n\t2"


def test_tracked_changes_as_accepted() -> None:
    source = read(
        document(
            "<w:p><w:r><w:t>要</w:t></w:r><w:del><w:r><w:delText>大概</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>切实</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>",
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>",
            paragraph("后半"),
        )
    )
    assert source.text == "要切实\n前半后半"
    assert source.notes == ("2 处修订中已删除的文字没有读入。",)


def test_last_paragraph_with_deleted_mark_is_not_lost() -> None:
    assert read(document("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>尾</w:t></w:r></w:p>")).text == "尾"


def test_hidden_text_is_left_out_and_counted() -> None:
    source = read(
        document("<w:p><w:r><w:t>看得见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r></w:p>")
    )
    assert source.text == "看得见"
    assert source.notes == ("1 处隐藏文字没有读入。",)


def test_text_box_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('框里的字')}</w:txbxContent>"
    block = (
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>继续</w:t></w:r></w:p>"
    )
    assert read(document(block, paragraph("下段"))).text == "正文继续\n框里的字\n下段"


def test_notes_follow_the_paragraph_they_belong_to() -> None:
    made = document(
        '<w:p><w:r><w:t>全年报送信息</w:t><w:footnoteReference w:id="2"/><w:t>百条。</w:t></w:r></w:p>',
        paragraph("下段"),
    )
    notes = (
        '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph(" 指县级。")}{paragraph("含乡镇。")}</w:footnote>'
    )
    add_part(made, "footnotes", "FOOTNOTES", f"<w:footnotes {NAMESPACES}>{notes}</w:footnotes>")
    source = read(made)
    assert source.text == "全年报送信息百条。\n注1：指县级。\n含乡镇。\n下段"
    assert [source.text[start:end] for start, end in source.generated] == ["注1："]


def test_headings_and_title_by_style_and_by_outline_level() -> None:
    made = docx.Document()
    made.add_heading("会议讲话", 0)
    made.add_heading(" 一、认识", 1)
    made.add_paragraph("正文。")
    body = made.element.body
    body.insert(len(body) - 1, document(paragraph("二、落实", '<w:outlineLvl w:val="1"/>')).element.body[0])
    source = read(made)
    assert [source.text[start:end] for start, end in source.headings] == ["会议讲话", "一、认识", "二、落实"]
    assert source.title == "会议讲话"


def test_style_inherits_its_outline_level() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="大标题"><w:name w:val="大标题"/><w:basedOn w:val="Heading1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="甲"><w:name w:val="甲"/><w:basedOn w:val="甲"/></w:style>'
    )
    blocks = (paragraph("总则", '<w:pStyle w:val="大标题"/>'), paragraph("文", '<w:pStyle w:val="甲"/>'))
    source = read(document(*blocks, styles=styles))
    assert [source.text[start:end] for start, end in source.headings] == ["总则"]


def test_headers_and_footers_are_noted_not_read() -> None:
    made = document(paragraph("正文"))
    made.sections[0].header.paragraphs[0].text = "内部资料"
    made.sections[0].footer.paragraphs[0].text = "第一册"
    source = read(made)
    assert source.text == "正文"
    assert source.notes == ("页眉页脚没有计入正文：内部资料；第一册",)


def test_comments_are_counted() -> None:
    made = docx.Document()
    made.add_comment(made.add_paragraph("正文").runs, text="再斟酌")
    source = read(made)
    assert source.text == "正文"
    assert source.notes == ("1 处批注没有读入。",)


def test_empty_document() -> None:
    assert reason(saved(docx.Document())) == "empty"


def test_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = rewritten(saved(document(paragraph("正文"))), lambda _, old: old, [("word/media/a.bin", bytes(3_000_000))])
    assert len(data) < 100_000
    assert reason(data, ReadLimits(max_unzipped=2_000_000)) == "oversized"
    assert read_bytes(data, "a.docx").text == "正文"


def test_character_limit() -> None:
    assert reason(saved(document(paragraph("字" * 50))), ReadLimits(max_chars=40)) == "oversized"


def test_external_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容", encoding="utf-8")
    doctype = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()

    def inject(name: str, old: bytes) -> bytes:
        if name != "word/document.xml":
            return old
        declaration, rest = old.split(b"?>", 1)
        return declaration + b"?>" + doctype + rest.replace("正文".encode(), "前&x;后".encode())

    assert "机密" not in read_bytes(rewritten(saved(document(paragraph("正文"))), inject), "a.docx").text


def test_entity_bomb_is_damage() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "哈哈哈哈">{entities}]>'.encode()

    def inject(name: str, old: bytes) -> bytes:
        if name != "word/document.xml":
            return old
        declaration, rest = old.split(b"?>", 1)
        return declaration + b"?>" + doctype + rest.replace("正文".encode(), b"&e9;a")

    assert reason(rewritten(saved(document(paragraph("正文"))), inject)) == "damaged"


def test_damaged_members() -> None:
    whole = saved(document(paragraph("正文")))
    assert reason(rewritten(whole, lambda name, old: old[:200] if name == "word/document.xml" else old)) == "damaged"
    assert reason(whole[:-100]) == "damaged"


def test_dangling_links_are_repaired() -> None:
    link = b'<Relationship Id="rId99" Type="http://x/image" Target="NULL"/></Relationships>'

    def inject(name: str, old: bytes) -> bytes:
        return old.replace(b"</Relationships>", link) if name == "word/_rels/document.xml.rels" else old

    assert read_bytes(rewritten(saved(document(paragraph("正文"))), inject), "a.docx").text == "正文"


@pytest.mark.parametrize(
    "kind",
    [b"application/vnd.ms-word.document.macroEnabled.main+xml",
     b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"],
)  # fmt: skip
def test_macro_files_and_templates(kind: bytes) -> None:
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    data = rewritten(
        saved(document(paragraph("正文"))),
        lambda name, old: old.replace(main, kind) if name == "[Content_Types].xml" else old,
    )
    assert read_bytes(data, "a.docm").text == "正文"


def test_containers_around_blocks_rows_and_cells() -> None:
    deleted = "<w:tr><w:trPr><w:del/></w:trPr><w:tc>" + paragraph("删") + "</w:tc></w:tr>"
    cell = f"<w:sdt><w:sdtContent><w:tc><w:tcPr/>{paragraph('甲')}</w:tc></w:sdtContent></w:sdt>"
    wrapped = f"<w:sdt><w:sdtContent><w:tr>{cell}<w:tc>{paragraph('乙')}</w:tc></w:tr></w:sdtContent></w:sdt>"
    source = read(
        document(
            f"<w:sdt><w:sdtContent>{paragraph('控件里的段落')}</w:sdtContent></w:sdt>",
            f"<mc:AlternateContent><mc:Choice Requires='x'>{paragraph('新')}</mc:Choice>"
            f"<mc:Fallback>{paragraph('旧')}</mc:Fallback></mc:AlternateContent>",
            f"<w:tbl>{deleted}{wrapped}<w:tr><w:tc>{paragraph('')}</w:tc></w:tr></w:tbl>",
            '<w:p><w:r><w:sym w:font="Symbol" w:char="25CF"/><w:t>符号</w:t><w:sym w:char="zz"/></w:r></w:p>',
        )
    )
    assert source.text == "控件里的段落\n新\n甲\t乙\n●符号"
    assert source.notes == ("1 处修订中已删除的文字没有读入。",)
