# make test     everything: what CI runs
# make format   formats the sources
# make oracle   200 random populations against the kernel (root)
# make bench    the cost of a sample and of a scrape beside its peers (root); SOCKETS=1000000 for more

MAKEFLAGS += --no-print-directory
JDK := JAVA_HOME="$$(src/build/jdk25)"
MVN := $(JDK) ./mvnw --batch-mode --no-transfer-progress

.PHONY: test format oracle bench

test:
	@src/build/install-packages iproute2 prometheus
	$(MVN) verify

format:
	$(MVN) -q spotless:apply

oracle:
	@src/build/install-packages iproute2
	$(MVN) verify -Dtest=OracleTest -Dsurefire.failIfNoSpecifiedTests=false -Dportpool.oracle.populations=200

SOCKETS ?= 100000
bench:
	@src/build/install-packages iproute2 prometheus-node-exporter python3
	python3 -B src/bench/sample_bench.py --sockets $(SOCKETS)
	python3 -B src/bench/scrape_load.py --seconds 30
