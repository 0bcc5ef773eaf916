#!/usr/bin/env python3
"""The time until a Java application sees its port pool, in a fresh JVM.

From the first line of main() to the first value of a gauge, with the default options of the JVM and
a class path of this jar and micrometer-core; and the same with an AOT cache of the application's
own. What Micrometer takes before, for an empty registry, is shown beside it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import exporter

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "bench" / "FirstValue.java"
MICROMETER = ["micrometer-core", "micrometer-commons", "micrometer-observation"]
LIBRARIES = [*MICROMETER, "HdrHistogram", "jspecify"]
BAR_MS = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=11)
    arguments = parser.parse_args()
    exporter.build_agent(exporter.LAUNCHER)
    home = subprocess.check_output([ROOT / "src" / "build" / "jdk25"], text=True).strip()
    with tempfile.TemporaryDirectory() as directory:
        java, jars = prepare(home, Path(directory))
        cache = os.path.join(directory, "application.aot")
        run(java, jars, f"-XX:AOTCacheOutput={cache}")
        print(f"{arguments.runs} fresh JVMs each, ms: median (lowest - highest)")
        plain = [run(java, jars) for _ in range(arguments.runs)]
        cached = [run(java, jars, f"-XX:AOTCache={cache}") for _ in range(arguments.runs)]
    median = report("default options", plain)
    report("an AOT cache", cached)
    if median > BAR_MS:
        print(f"missed: the first value must be there after {BAR_MS} ms with default options")
        return 1
    return 0


def prepare(home, directory):
    """Compiles the application; returns java and the class path, jars alone as the cache wants."""
    library = directory / "portpool.jar"  # away from target/lib, which its manifest names
    library.write_bytes((ROOT / "target" / "portpool.jar").read_bytes())
    jars = [str(library)]
    for name in LIBRARIES:
        jars += [str(jar) for jar in sorted((ROOT / "target" / "lib").glob(f"{name}-*.jar"))]
    classes = directory / "classes"
    subprocess.run([f"{home}/bin/javac", "-cp", ":".join(jars), "-d", classes, SOURCE], check=True)
    application = str(directory / "application.jar")
    subprocess.run([f"{home}/bin/jar", "-cf", application, "-C", classes, "."], check=True)
    return f"{home}/bin/java", ":".join([application, *jars])


def run(java, jars, *options):
    """The milliseconds that one run tells: of the bare registry, and in all."""
    command = [java, *options, "--enable-native-access=ALL-UNNAMED", "-cp", jars, "FirstValue"]
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(float(number) for number in outcome.stdout.split()[:2])


def report(name, runs):
    """Prints a line and returns the median in all."""
    whole = sorted(total for _, total in runs)
    bare = statistics.median(registry for registry, _ in runs)
    median = statistics.median(whole)
    print(
        f"  {name:<18}{median:>7.0f} ({whole[0]:.0f} - {whole[-1]:.0f}), of it {bare:.0f} until the"
        f" registry is there"
    )
    return median


if __name__ == "__main__":
    sys.exit(main())
