# Everyday commands; "make help" lists them.
.DEFAULT_GOAL := help
.PHONY: help build test run format bench docs measure wheel experiments experiments-closed-form experiments-small

# Of closed form, minutes together; then networks that take minutes to an hour each.
CLOSED_FORM := rosenbrock rosenbrock-ablations noisy-bowl noisy-bowl-ablations noisy-bowl-noise noisy-bowl-momentum noisy-bowl-seconds lodo-dynamics lodo-saddle
SMALL := invariance costs interactions-decrease interactions-vgg-narrow mlp-mnist-short vgg-narrow bigmlp-narrow toy-regression gen-lenet \
	image-generation-narrow resnet18-narrow kinds-transformer kinds-deep

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 26

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

experiments: experiments-closed-form experiments-small ## the papers' tables and figures that take up to an hour, to docs/experiments and docs/figures

experiments-closed-form: $(CLOSED_FORM:%=experiment-%) ## those of functions written down with their derivatives

experiments-small: $(SMALL:%=experiment-%) ## those of networks

# One by its name; runs that are stored are not made again: remove their file, or call jobs/experiment.sh with --again.
experiment-%:
	jobs/experiment.sh $* --master 'local[1]' --results docs/experiments --figures docs/figures

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
