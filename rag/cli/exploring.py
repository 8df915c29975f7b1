"""The subcommand that explores: themes, with their figures and units."""

from __future__ import annotations

from argparse import Namespace

from rag.cli.output import locator, print_json
from rag.cli.status import DONE
from rag.config import archive_folder
from rag.contracts_explore import figure_json, matrix_json, theme_json, themes_json
from rag.explore.explorer import Explorer

SHOWN = 3  # passages of each theme in the list
IN_FULL = 20  # passages of a theme by itself
IN_CELL = 2


def themes(options: Namespace) -> int:
    from rag.archive.reader import Archive

    explorer = Explorer(Archive(archive_folder(options.archive)))
    if options.figures:
        return _figures(explorer, options)
    if options.matrix:
        return _matrix(explorer, options)
    return _one(explorer, options) if options.theme else _all(explorer, options)


def _all(explorer: Explorer, options: Namespace) -> int:
    found = explorer.themes()
    if options.json:
        print_json(themes_json(found, [explorer.passages(one, SHOWN) for one in found.themes]))
        return DONE
    for n, one in enumerate(found.themes, 1):
        years = [year for year, _count in one.years if year]
        span = f"，{years[0]}—{years[-1]}年" if years else ""
        print(f"{n:>3}. {one.label}  （{one.speeches} 篇 {len(one.passages)} 段{span}）")
        print(f"     {' '.join(one.terms)}")
    print(f"共 {len(found.themes)} 个专题；另有 {found.outside} 段（全部 {found.passages} 段）没有归入。")
    if found.key_terms:
        print(f"全部讲话的高频词：{' '.join(found.key_terms)}")
    return DONE


def _one(explorer: Explorer, options: Namespace) -> int:
    theme = explorer.theme(options.theme)
    passages = explorer.passages(theme, IN_FULL)
    if options.json:
        print_json(theme_json(options.theme, theme, passages))
        return DONE
    print(f"{theme.label}：{' '.join(theme.terms)}")
    for one in passages:
        print(f"\n{one.text}\n   ——{locator(one.place)}")
        if one.copies:
            print(f"   另有 {len(one.copies)} 处相同")
    print(f"\n{theme.speeches} 篇 {len(theme.passages)} 段，以上 {len(passages)} 段。")
    return DONE


def _figures(explorer: Explorer, options: Namespace) -> int:
    found = explorer.figures(explorer.theme(options.theme) if options.theme else None)
    if options.json:
        print_json([figure_json(one) for one in found])
        return DONE
    for one in found:
        who = one.unit_name or "单位不明"
        print(f"{one.text}\t{' '.join(one.clause.split())}\t{who}\t{locator(one.place)}")
    print(f"共 {len(found)} 个数字")
    return DONE


def _matrix(explorer: Explorer, options: Namespace) -> int:
    matrix = explorer.matrix()
    if options.json:
        print_json(matrix_json(matrix))
        return DONE
    for unit in matrix.units:
        print(f"■ {unit or '单位不明'}（{matrix.row_total(unit)} 处）")
        for label in matrix.labels:
            found = matrix.cells.get((unit, label), ())
            if found:
                print(f"  {label}：{len(found)} 处")
            for one in sorted(found, key=lambda one: not one.named)[:IN_CELL]:
                print(f"    「{' '.join(one.text.split())}」{'' if one.named else '（讲话单位）'}{locator(one.place)}")
    print(f"共 {sum(unit is not None for unit in matrix.units)} 个单位，{len(matrix.labels)} 个专题")
    return DONE
