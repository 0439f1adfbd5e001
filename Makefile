# The command surface. CI calls the same targets. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
LABGRID_READY := .cache/labgrid/.ready
.DEFAULT_GOAL := help
.PHONY: help setup demo test flash deploy hil hil-physics labgrid lint format clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## Put everything the project needs into .venv and .cache (the others call it)

$(READY): pyproject.toml requirements.lock tools/setup.sh
	@PYTHON="$(PYTHON)" tools/setup.sh

demo: $(READY)  ## The main job, told as it happens: out/demo has the report and the pictures
	@$(BIN)/vigie demo $(ARGS)

test: $(READY)  ## All tests that need no hardware
	@test -e $(LABGRID_READY) -a $(LABGRID_READY) -nt benches/labgrid/requirements.txt || tools/labgrid.sh || echo "labgrid: its tests are skipped" >&2
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

flash: $(READY)  ## MicroPython onto a chip: PORT=/dev/ttyACM0 BOARD=xiao_esp32c6 IMAGE=file.bin
	@$(BIN)/vigie flash --port "$(PORT)" --board "$(BOARD)" $(IMAGE) $(ARGS)

deploy: $(READY)  ## The firmware onto a board: PORT=/dev/ttyACM0 BOARD=xiao_esp32c6
	@$(BIN)/vigie deploy --port "$(PORT)" --board "$(BOARD)" $(ARGS)

# Words for the tests of hardware, from the variables that are set.
HIL = $(if $(BENCH),--bench "$(BENCH)") $(if $(PORT),--port "$(PORT)") $(if $(RIG),--rig "$(RIG)") $(if $(PHONE),--phone "$(PHONE)")

# What it leaves behind; words in ARGS come later and win.
KEEP = --keep out/hil --junitxml out/hil/junit.xml
# On a labgrid place its own pytest plugin runs too, in the environment that has it.
ON_PLACE = $(if $(LABGRID),-p vigie.labgrid_plugin --lg-env "$(LABGRID)")

hil: $(READY) $(if $(LABGRID),$(LABGRID_READY))  ## The behaviour of the product on a board: PORT=... RIG=... PHONE=..., or BENCH=benches/..., or LABGRID=benches/labgrid/env.yaml; results in out/hil
	@$(if $(strip $(HIL)$(LABGRID)),,echo "make hil needs PORT=..., BENCH=... or LABGRID=...: benches/README.md" >&2; exit 2)
	@$(if $(LABGRID),.cache/labgrid/bin,$(BIN))/python -m pytest tests/board -rs $(ON_PLACE) $(HIL) $(KEEP) $(ARGS)

labgrid: $(LABGRID_READY)  ## labgrid into .cache/labgrid, to share benches between machines: benches/labgrid

$(LABGRID_READY): $(READY) benches/labgrid/requirements.txt tools/labgrid.sh
	@tools/labgrid.sh

hil-physics: $(READY)  ## What only hardware has: loudness, bounce, range, current. As hil; results in out/hil
	@$(if $(strip $(HIL)),,echo "make hil-physics needs PORT=... or BENCH=...: tests/hil/README.md" >&2; exit 2)
	@$(BIN)/python -m pytest tests/hil -rs $(HIL) $(KEEP) $(ARGS)

lint: $(READY)  ## Style, types of the host and of the firmware, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/pyright
	@$(BIN)/pyright -p firmware/pyrightconfig.json

format: $(READY)  ## Rewrite the sources in the project's style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:  ## Remove all that the targets made
	rm -rf .venv .cache out
