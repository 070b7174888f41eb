"""Sluice beside its peers: same files, same client, same machine, in turn."""

import argparse

import compare
import dataset


def main():
    parser = argparse.ArgumentParser(prog="./sluice bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    compare.add_arguments(commands.add_parser("compare", help="read and point-in-time join beside DuckDB"))
    dataset.add_arguments(commands.add_parser("dataset", help="a training dataset beside the same in DuckDB's SQL"))
    options = parser.parse_args()
    raise SystemExit(options.run(options))


if __name__ == "__main__":
    main()
