"""Command line of the training pipeline; ``python -m training --help``."""

import argparse
import json
import logging
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from training.config import DATA, DEFAULT_RECIPE, SAMPLE, Recipe
from training.errors import TrainingError

if TYPE_CHECKING:
    from training.ablate import Places, QuestionSet


def parser() -> argparse.ArgumentParser:
    """All subcommands and their options."""
    top = argparse.ArgumentParser(prog="python -m training", description="Build and measure the shipped encoder.")
    commands = top.add_subparsers(dest="command", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "yanju-training",
                           help="folder for intermediate results, outside the repository")
        return added

    def recipe(added: argparse.ArgumentParser) -> None:
        added.add_argument("--corpora", type=Path, required=True, help="folder of the public corpora")
        added.add_argument("--data", type=Path, default=DATA, help="folder of the written material")
        added.add_argument("--recipe", type=Path, default=DEFAULT_RECIPE, help="settings (TOML)")
        added.add_argument("--variant", metavar="NAME", help="a row of variants.toml, such as no_news")
        added.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override one setting")
        added.add_argument("--threads", type=int, default=1, help="threads of the contrastive stage (1: deterministic)")

    def questions(added: argparse.ArgumentParser, needed: bool = False) -> None:
        added.add_argument("--questions", type=Path, required=needed, help="questions with evidence (JSON Lines)")
        added.add_argument("--sources", type=Path, required=needed, help="folder of the question set's *.txt files")
        added.add_argument("--scorer", type=Path, help="a file with score_question; default: rag.evaluate")

    recipe(command("prepare", "corpora, pairs, vocabulary and word vectors only"))
    build = command("build", "the whole recipe: corpora to an exported encoder, with log and report")
    recipe(build)
    questions(build)
    build.add_argument("--out", type=Path, required=True, help="folder of the encoder")
    build.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1),
                       help="members trained side by side (default 2); changes nothing in what comes out")
    ablate = command("ablate", "train variants of the recipe on several seeds, print a table")
    recipe(ablate)
    questions(ablate)
    ablate.add_argument("--variants", type=Path, required=True, help='TOML of name = ["section.key=value", …]')
    ablate.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9])
    ablate.add_argument("--only", nargs="+", help="run these variants only")
    measure = command("evaluate", "figures of encoders on a question set; with two, a paired bootstrap")
    questions(measure, needed=True)
    measure.add_argument("models", type=Path, nargs="+", help="sentence-transformers folders")
    mix = command("mix", "fit the ranking mix on the queries that an encoder built with holdout has not seen")
    mix.add_argument("encoder", type=Path, help="folder of the encoder, without --unseen one built with --set holdout=SHARE")
    mix.add_argument("target", type=Path, help="folder of the encoder that gets the weights (calibration.json)")
    mix.add_argument("--data", type=Path, default=DATA, help="folder of the written material")
    mix.add_argument("--unseen", type=Path, metavar="DIR", help="folder of written pairs that the encoder has not seen")
    mix.add_argument("--share", type=float, default=0.12, help="share of the themes held out in that build")
    refusal = command("refusal", "fit when the archive counts as silent, and store it beside the encoder")
    refusal.add_argument("encoder", type=Path, help="folder of the encoder (its calibration.json is written)")
    refusal.add_argument("--data", type=Path, default=DATA, help="folder of the written material")
    refusal.add_argument(
        "--unseen", type=Path, default=DATA / "next", metavar="DIR", help="folder of written pairs that the encoder has not seen")
    refusal.add_argument("--questions", type=Path, default=SAMPLE / "eval/questions.jsonl", help="the sample archive's questions")
    refusal.add_argument("--sources", type=Path, default=SAMPLE / "speeches", help="the sample archive's files")
    averaged = command("average", "the average of encoders that were built one after the other")
    averaged.add_argument("encoders", type=Path, nargs="+", help="folders; the vocabulary is that of the last")
    averaged.add_argument("--out", type=Path, required=True, help="folder of the average")
    transformer = command("transformer", "train the transformer instead (meant for a GPU)")
    recipe(transformer)
    transformer.add_argument("--device", default="cpu", help="cpu or cuda")
    transformer.add_argument("--out", type=Path, required=True, help="folder of the encoder")
    keys = command("keys", "turn queries on corpus passages into queries with passage keys")
    keys.add_argument("real", type=Path, help="folder of queries_*.jsonl with passages")
    keys.add_argument("--data", type=Path, default=DATA)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit status."""
    args = parser().parse_args(arguments)
    args.work.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s",
        handlers=[logging.StreamHandler(sys.stderr), logging.FileHandler(args.work / "training.log", encoding="utf-8")])
    logging.getLogger("gensim").setLevel(logging.WARNING)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        COMMANDS[args.command](args)
    except TrainingError as error:
        print(f"training: {error}", file=sys.stderr)
        return 1
    return 0


def _prepare(args: argparse.Namespace) -> None:
    from training.prepare import prepare

    prepare(_recipe(args), args.corpora, args.data, args.work)


def _build(args: argparse.Namespace) -> None:
    from training.build import build

    report = build(_recipe(args), _places(args), args.out, _asked(args), args.threads, args.processes)
    print(json.dumps(report, ensure_ascii=False, indent=2))


def _ablate(args: argparse.Namespace) -> None:
    from training.ablate import read_variants, run_variant, table, variant

    variants = read_variants(args.variants)
    rows = []
    for name in args.only or variants:
        recipe = Recipe.load(args.recipe, [*args.set, *variant(variants, name)])
        rows += [run_variant(name, replace(recipe, seed=seed), _places(args), _asked(args), args.threads)
                 for seed in args.seeds]
    print(table(rows))


def _evaluate(args: argparse.Namespace) -> None:
    from training.evaluate import bootstrap, evaluate, figures_json, load_scorer, model_encoder

    scorer = load_scorer(args.scorer)
    runs = [evaluate(model_encoder(path), args.questions, args.sources, scorer) for path in args.models]
    for path, run in zip(args.models, runs, strict=True):
        print(path, figures_json(run))
    for path, run in zip(args.models[1:], runs[1:], strict=True):
        for metric in ("ndcg@10", "recall@2000c"):
            print(f"{path} − {args.models[0]}, {metric}:", json.dumps(bootstrap(runs[0], run, metric)))


def _mix(args: argparse.Namespace) -> None:
    from training.calibrate import store
    from training.mix import fit_mix

    fit = fit_mix(args.encoder, args.data, args.share, args.unseen)
    store({"mix": fit.as_json()}, args.target)
    print(json.dumps(fit.as_json(), ensure_ascii=False, indent=1))


def _refusal(args: argparse.Namespace) -> None:
    from training.calibrate import store
    from training.refusal import fit_refusal

    fit = fit_refusal(args.encoder, args.data, args.unseen, args.questions, args.sources)
    store(fit.as_json(), args.encoder)
    print(json.dumps(fit.as_json(), ensure_ascii=False, indent=1))


def _average(args: argparse.Namespace) -> None:
    from training.average import average_encoders

    print(json.dumps(average_encoders(args.encoders, args.out), ensure_ascii=False, indent=1))


def _transformer(args: argparse.Namespace) -> None:
    from training.transformer import build_transformer

    recipe = _recipe(args)
    print(build_transformer(recipe, args.corpora, args.data, args.work, args.out, args.device))


def _keys(args: argparse.Namespace) -> None:
    from training.written import write_query_keys

    print(write_query_keys(args.real, args.data), "rows of queries written to", args.data)


def _recipe(args: argparse.Namespace) -> Recipe:
    from training.ablate import VARIANTS, read_variants, variant

    named = variant(read_variants(VARIANTS), args.variant) if args.variant else []
    return Recipe.load(args.recipe, [*named, *args.set])


def _places(args: argparse.Namespace) -> "Places":
    from training.ablate import Places

    return Places(args.corpora, args.data, args.work)


def _asked(args: argparse.Namespace) -> "QuestionSet | None":
    from training.ablate import QuestionSet
    from training.evaluate import load_scorer

    if not args.questions:
        return None
    if not args.sources:
        raise TrainingError("--questions needs --sources, the folder of their source files")
    return QuestionSet(args.questions, args.sources, load_scorer(args.scorer))


COMMANDS = {
    "prepare": _prepare, "build": _build, "ablate": _ablate, "evaluate": _evaluate, "mix": _mix, "refusal": _refusal,
    "average": _average, "transformer": _transformer, "keys": _keys}

if __name__ == "__main__":
    sys.exit(main())
