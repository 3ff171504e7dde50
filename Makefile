# Everyday commands; "make help" lists them.
.DEFAULT_GOAL := help
.PHONY: help build test run format bench docs measure wheel

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

build: ## the jar and the class paths, without tests
	mvn -B -q -DskipTests package

test: ## everything CI checks
	mvn -B verify -Pcluster

run: ## train on the embedded digits
	jobs/train.sh conf/digits.conf --output runs/digits-$$(date +%Y%m%d-%H%M%S)

format: ## format all Java sources
	mvn -B -q spotless:apply

bench: ## run the benchmarks
	@test -x benchmarks/run.sh || { echo "error: found no benchmarks/run.sh, expected the benchmarks" >&2; exit 2; }
	benchmarks/run.sh

docs: build ## reference page, accessors of Params in Java and Python, from the settings
	java -cp "target/classes:$$(cat target/classpath-provided.txt):$$(cat target/classpath-runtime.txt)" \
	  io.etastar.jobs.ConfigurationReference docs/configuration.md
	java -cp "target/classes:$$(cat target/classpath-provided.txt):$$(cat target/classpath-runtime.txt)" \
	  io.etastar.ml.ParamSources .

wheel: ## the Python package, to target/dist
	mvn -B -q -Pshaded -Dmaven.test.skip=true -Dspotless.check.skip=true -Dcheckstyle.skip=true package
	rm -rf target/dist
	python3 python/wheel.py target/etastar-*-all.jar target/dist

measure: ## sizes and shapes of the code
	python3 benchmarks/measure.py
