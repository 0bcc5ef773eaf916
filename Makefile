# make help     these lines
# make check    what needs no root and no packages, in a minute: between two edits
# make test     everything: what CI runs
# make package  a tarball, a Debian and an RPM package with a Java runtime of their own, in target; ARCH=arm64 for that
# make archives for Windows and macOS, in target, which take a Java of the host's: never run there
# make repository of the packages in target, for apt and for dnf: files to sign and to serve
# make image    a container image of that, by buildah, podman or docker
# make release a release of what is committed, in target/release: VERSION=1.2.3; what publishes it is printed, not done
# make format   formats the sources
# make generate alert rules, dashboards and reference pages, from thresholds.yaml, MetricTable and the commands
# make bpf      the programs that read the kernel's tables, from src/main/bpf
# make oracle   200 random populations against the kernel (root)
# make kernels  the tests that ask the kernel under Debian's kernels 5.10, 6.1, 6.12 and the newest, by emulation (root, Debian);
#               KERNELS=bookworm for one of them
# make soak     30 minutes of sockets, processes and namespaces that come and go (root)
# make demo     a small pool runs out, with Prometheus, alerts and dashboards beside it (root)
# make bench    what a sample, a scrape, the counting of failures, the dashboards and a start of the library cost (root); SOCKETS=1000000 for more

MAKEFLAGS += --no-print-directory
MVN := home=$$(src/build/jdk25) && JAVA_HOME=$$home ./mvnw --batch-mode --no-transfer-progress
ROOT := [ "$$(id -u)" = 0 ] || { echo "this needs root, to make network namespaces" >&2; exit 1; }
SOCKETS ?= 100000
SOAK_MINUTES ?= 30
KERNELS ?= bullseye,bookworm,trixie,sid

.PHONY: help check test package archives repository image release format generate bpf oracle kernels soak demo bench

help:
	@sed -n 's/^# \(make \|  \)/\1/p' Makefile

check:
	$(MVN) -q test -DexcludedGroups=host

test:
	@src/build/install-packages iproute2 nftables prometheus curl git python3 python3-yaml lsof chromium \
		mmdebstrap systemd-container asciidoctor binutils unzip zip rpm createrepo-c apt-utils buildah podman runc strace faketime openssl lintian tmux zsh fish \
		clang-16 bpftool libbpf-dev conntrack
	deploy/package/build || [ $$? = 69 ] # without it, the tests of the package are skipped
	$(MVN) verify

package:
	@src/build/install-packages asciidoctor binutils unzip dpkg-dev rpm \
		$(if $(filter arm64,$(ARCH)),mmdebstrap qemu-user binutils-aarch64-linux-gnu)
	deploy/package/build $(ARCH)

archives:
	@src/build/install-packages unzip zip
	deploy/archives/build

repository:
	@src/build/install-packages apt-utils createrepo-c
	deploy/repository/build

image: package
	deploy/image/build

release:
	@src/build/install-packages asciidoctor binutils unzip zip dpkg-dev rpm
	src/build/release "$(VERSION)"

format:
	$(MVN) -q spotless:apply

generate:
	@src/build/install-packages python3 python3-yaml
	src/build/generate
	$(MVN) -q test -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dportpool.golden.update=true

bpf:
	@src/build/install-packages python3 clang-16 bpftool libbpf-dev
	src/build/bpf

oracle:
	@$(ROOT)
	@src/build/install-packages iproute2
	$(MVN) verify -Dtest=OracleTest -Dsurefire.failIfNoSpecifiedTests=false -Dportpool.oracle.populations=200

kernels:
	@$(ROOT)
	@src/build/install-packages iproute2 qemu-system-x86 mmdebstrap cpio kmod
	POPULATIONS=$${POPULATIONS:-5} $(MVN) verify -Dtest=KernelsTest -Dsurefire.failIfNoSpecifiedTests=false -Dportpool.kernels=$(KERNELS)

soak:
	@$(ROOT)
	@src/build/install-packages iproute2
	$(MVN) verify -Dtest=SoakTest -Dsurefire.failIfNoSpecifiedTests=false -Dportpool.soak.minutes=$(SOAK_MINUTES)

demo:
	@$(ROOT)
	@src/build/install-packages iproute2 nftables prometheus python3
	@PYTHONPATH=src/bench exec python3 -B src/demo/demo.py

bench:
	@$(ROOT)
	@src/build/install-packages iproute2 prometheus-node-exporter prometheus python3 gcc libc6-dev
	python3 -B src/bench/sample_bench.py --sockets $(SOCKETS)
	python3 -B src/bench/namespaces_bench.py --sockets $(SOCKETS)
	python3 -B src/bench/failure_cost.py
	python3 -B src/bench/scrape_load.py --seconds 30
	python3 -B src/bench/series_count.py
	python3 -B src/bench/fleet_bench.py
	python3 -B src/bench/library_bench.py
