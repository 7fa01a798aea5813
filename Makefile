# Every command of the project. `make` or `make help` lists them.

# A Maven that is there and new enough, else the wrapper's.
MVN := $(shell v=$$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p' | head -1); \
         [ -n "$$v" ] && [ "$$(printf '%s\n3.8.1\n' "$$v" | sort -V | head -1)" = 3.8.1 ] && echo mvn || echo ./mvnw)
MAVEN := $(MVN) -B

# Tests close their containers themselves, so the sweeper need not be pulled; and a local engine's ports are on the
# loopback address, also where the tests run in a container.
export TESTCONTAINERS_RYUK_DISABLED ?= true
ifndef DOCKER_HOST
export TESTCONTAINERS_HOST_OVERRIDE ?= 127.0.0.1
endif

NO_CHECKS := -Dspotless.check.skip -Dmdep.analyze.skip
# One integration test: make it IT=EmbeddedBrokerIT
IT ?= *IT
# Benchmarks whose name matches: make bench BENCH=CurveForecast
BENCH ?= .*
# Published runs, for the studies
DATA ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help build test unit it format lint bench nextruns pages intake javadoc coverage mutation image engine demo clean

help: ## lists these commands
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## compiles and packs everything, without tests
	$(MAVEN) package -DskipTests $(NO_CHECKS)

test: ## everything: unit tests, integration tests, format, declared dependencies
	$(MAVEN) verify

unit: ## the fast tests, without a broker
	$(MAVEN) test

it: ## the integration tests only; IT=Name for one of them
	$(MAVEN) verify $(NO_CHECKS) -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dit.test='$(IT)' -Dfailsafe.failIfNoSpecifiedTests=false

format: ## formats the sources
	$(MAVEN) -q spotless:apply

lint: ## compiles with all checks as errors; format and declared dependencies too
	$(MAVEN) verify -DskipTests

bench: ## JMH benchmarks of the fitter's hot paths; BENCH=Name for some of them
	$(MAVEN) -q test-compile dependency:build-classpath -pl fitter -am \
	  -Dmdep.outputFile=target/benchmark-classpath -Dmdep.includeScope=test
	java -cp "fitter/target/test-classes:fitter/target/classes:$$(cat fitter/target/benchmark-classpath)" \
	  org.openjdk.jmh.Main '$(BENCH)'

nextruns: ## replays published and drawn runs in the order that the advice gives; DATA=folder of the published ones
	$(MAVEN) -q test-compile dependency:build-classpath -pl deploy -am $(NO_CHECKS) \
	  -Dmdep.outputFile=target/study-classpath -Dmdep.includeScope=test
	java -cp "deploy/target/test-classes:deploy/target/classes:$$(cat deploy/target/study-classpath)" \
	  io.straightedge.deploy.study.NextRunStudy '$(DATA)'

pages: ## how long it takes from an observation to the page; RUNS=how many
	$(MAVEN) -q test-compile dependency:build-classpath -pl deploy -am $(NO_CHECKS) \
	  -Dmdep.outputFile=target/study-classpath -Dmdep.includeScope=test
	java -cp "deploy/target/test-classes:deploy/target/classes:$$(cat deploy/target/study-classpath)" \
	  io.straightedge.deploy.PageLatency $(RUNS)

intake: ## losses a second through each way in, beside a plain producer; LOSSES=how many
	$(MAVEN) -q test-compile dependency:build-classpath -pl deploy -am $(NO_CHECKS) \
	  -Dmdep.outputFile=target/study-classpath -Dmdep.includeScope=test
	java -cp "deploy/target/test-classes:deploy/target/classes:$$(cat deploy/target/study-classpath)" \
	  io.straightedge.deploy.IntakeThroughput $(LOSSES)

javadoc: ## the API documentation, into target/reports/apidocs
	$(MAVEN) javadoc:aggregate

coverage: ## which lines the unit tests reach, into each module's target/site/jacoco
	$(MAVEN) verify -Pcoverage -DskipITs $(NO_CHECKS)

mutation: ## mutation tests of the numeric packages, into target/pit-reports
	$(MAVEN) test-compile org.pitest:pitest-maven:mutationCoverage -Pmutation -pl protocol,fitter

engine: ## starts a Docker engine where none runs (root)
	deploy/docker-engine.sh start

image: ## builds the Kafka image that the container tests use where apache/kafka cannot be pulled (root)
	deploy/kafka-image.sh

demo: ## runs the demo
	./straightedge demo

clean: ## removes what was built
	$(MAVEN) clean
