# serve   set up, show both languages, run what has not been run, show changes while you write
# test    set up, then every check: the tests, the programs of all pages, lint
# site    set up, run what has not been run, build both languages, check and publish them into site/
# preview like serve, for whoever writes text: a tenth of the packages, and nothing runs
# records FROM=https://… or site/  for the preview: what programs gave, from a site that is published
# bench   run every program that has a button in a browser; then measure what the proof costs next
#         to other tools, into benchmarks/results.json (an hour)
# alone   run each program in a fresh interpreter and compare with the pages (minutes)
# again   run each program once more and compare what it printed, drew and computed (minutes)
# check   name every mistake but spelling and format, without running a program (a minute)
# fix     mend format, lists and spelling
# new     PAGE=questions/TOPIC/NAME   begin a page (also problems/…, guide/…, labs/…)
# mv      FROM=problems/cnn TO=problems/images   rename a page, with all that names it
# rm      PAGE=problems/cnn   delete a page, with its programs
# in-line PAGE=problems/cnn   record that both texts of a page say the same; TYPO=1: a slip was
#         corrected and the meaning is as it was
# behind  which pages the other language has left behind, and by what; PAGE=… for one of them
#
#: serve   装好环境，显示两种语言，运行还没运行过的程序，边写边看
#: test    装好环境，做全部检查：测试、所有页面的程序、格式和拼写
#: site    装好环境，运行还没运行过的程序，构建两种语言，检查后发布到 site/
#: preview 和 serve 一样，给只写文字的人：安装的包是十分之一，不运行程序
#: records FROM=https://… 或 site/  给 preview 用：从已发布的站点取程序的输出
#: bench   测量验证比别的工具多花多少，写进 benchmarks/results.json（一小时）
#: alone   把每个程序各自用新的解释器运行一遍，与页面比对（几分钟）
#: again   把每个程序再运行一遍，比较输出、图和数值（几分钟）
#: check   不运行程序，列出能找到的错误，拼写和格式除外（一分钟）
#: fix     修正格式、列表和拼写
#: new     PAGE=questions/主题/名字   新建一页（也可以是 problems/…、guide/…、labs/…）
#: mv      FROM=problems/cnn TO=problems/images   给一页改名，提到它的地方一起改
#: rm      PAGE=problems/cnn   删除一页和它的程序
#: in-line PAGE=problems/cnn   记下一页的中英文已经一致；TYPO=1：只改了笔误，意思没变
#: behind  哪些页落后于另一种语言，那边改了什么；PAGE=… 只看一页
PYTHON ?= python3
PORT   ?= 8000
BIN    := .venv/bin

# Compiled modules are kept: without them every command starts a second later.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := site
.PHONY: serve preview records site programs test browser lint bench alone again in-line clean help check fix new mv rm behind

# Everything, or what the site is made with; uv lives in the environment it keeps, so that Python
# with pip is all a machine needs. The lock file names the index it was made from; from another, the
# same files are installed by hash.
.venv/ready: GROUPS :=
.venv/anki: GROUPS := --group anki
.venv-prose/ready: GROUPS := --only-group prose
.venv/anki: .venv/ready
.venv/ready .venv/anki .venv-prose/ready: pyproject.toml uv.lock
	@test -z "$$UV_DEFAULT_INDEX" || $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	  echo "Makefile:1: Python 3.11 to 3.13 is needed, and a mirror has none. Name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(@D)/bin/python || { echo "Creating $(@D)"; $(PYTHON) -m venv $(@D) || { rm -rf $(@D); \
	  echo "Makefile:1: $(PYTHON) makes no environment. Install its venv: sudo apt-get install python3-venv"; exit 1; }; }
	@test -x $(@D)/bin/uv || { echo "Installing uv"; $(@D)/bin/python -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/.*"\(uv==[^"]*\)".*/\1/p' pyproject.toml)"; }
	@echo "Installing the locked packages (about $(if $(findstring only,$(GROUPS)),300 MB,3 GB) the first time)"
	@if test -z "$$UV_DEFAULT_INDEX"; then UV_PROJECT_ENVIRONMENT=$(@D) $(@D)/bin/uv sync --locked $(GROUPS); else \
	  env -u UV_DEFAULT_INDEX $(@D)/bin/uv export --quiet --locked --offline --no-emit-project $(GROUPS) -o $(@D)/locked.txt && \
	  $(@D)/bin/uv pip install --python $(@D)/bin/python --require-hashes -r $(@D)/locked.txt; fi
	@touch $@

site: programs
	@$(BIN)/python -m handbook site

# CLUSTER=tcp://… runs them on a Dask cluster; SHARE=2/3 only the second third of them;
# MUTATIONS=1 also those that were made wrong on purpose, which an assert has to stop.
programs: .venv/ready
	@$(BIN)/python -m handbook run $(if $(MUTATIONS),--mutations) $(if $(CLUSTER),--cluster $(CLUSTER)) $(if $(SHARE),--share $(SHARE))

serve: .venv/ready
	@$(BIN)/python -m handbook serve $(PORT)

# Whoever has everything does not install the small part a second time.
PROSE := $(if $(wildcard .venv/ready),.venv,.venv-prose)

preview: $(PROSE)/ready
	@$(PROSE)/bin/python -m handbook serve $(PORT) --prose

records: $(PROSE)/ready
	@$(PROSE)/bin/python -m handbook records $(FROM)

# The programs first, those made wrong on purpose too; then the site, which some tests read.
test: MUTATIONS := 1
test: .venv/ready .venv/anki browser lint site
	@$(BIN)/python -m pytest tests -q -n 3 --dist worksteal

# The tests open pages in the Chromium or Chrome of this machine.
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit; done; test -d "/Applications/Google Chrome.app" || { \
	  echo "Installing Chromium, for the tests"; \
	  test "$$(id -u)" = 0 && SUDO= || SUDO="sudo -n"; \
	  $$SUDO apt-get -qq update && $$SUDO apt-get -qq install -y --no-install-recommends chromium >/dev/null; } || { \
	  echo "Makefile:1: no Chromium was found. Install it: sudo apt-get install chromium"; exit 1; }

lint: .venv/ready
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/rumdl check .
	@$(BIN)/typos
	@$(BIN)/lint-imports
	@$(BIN)/python -m handbook workflows

bench: site browser
	@UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --locked --inexact --group bench
	@cd benchmarks/lighthouse && npm ci --no-audit --no-fund
	@IN_BROWSER=all $(BIN)/python -m pytest tests/content/test_running.py -q -k pass_in
	@$(BIN)/python -m benchmarks $(BENCH)

alone again: .venv/ready
	@$(BIN)/python -m handbook $@

check: $(PROSE)/ready
	@$(PROSE)/bin/python -m handbook check

# What mends itself: format, lists, spelling. Whether texts agree is for a person to say.
fix: .venv/ready
	@$(BIN)/python tests/content/judges.py
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet
	@$(BIN)/rumdl fmt --quiet .
	@$(BIN)/typos --write-changes

in-line behind new rm: $(PROSE)/ready
	@$(PROSE)/bin/python -m handbook $@ $(PAGE) $(if $(TYPO),--typo)

mv: $(PROSE)/ready
	@$(PROSE)/bin/python -m handbook mv $(FROM) $(TO)

# In the language of the terminal, as handbook/messages.py finds it.
help:
	@case "$${LANGUAGE:-$${LC_ALL:-$${LC_MESSAGES:-$$LANG}}}" in zh*) mark='#:' ;; *) mark='#' ;; esac; \
	  sed -n "/^$$mark /s/^$$mark //p;/^PYTHON/q" Makefile

clean:
	rm -rf .handbook site .pytest_cache .ruff_cache .rumdl_cache .import_linter_cache
