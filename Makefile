# Roost: `make up` stands up the environment, `make test` proves it. `make help` lists the rest.

STACK ?= dev
RUN := bootstrap/run
PULUMI := $(RUN) pulumi
# What judges every change; a stack's settings of the rules, and its waivers, are in policies.<name>.json.
POLICIES := --policy-pack policies $(addprefix --policy-pack-config ,$(wildcard policies.$(STACK).json))

.DEFAULT_GOAL := help
.PHONY: help up preview preview-report destroy status plan dashboards dashboard tune logs servers seeds servers-audit servers-configure servers-trust user person break-glass archive-verify archive-export images images-resolve generate audit check e2e e2e-prepare servers-e2e drill test bench down reset prepare engine

help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'
	@echo; echo "  STACK=name chooses the settings file Pulumi.<name>.yaml (default: dev)"

up: prepare ## stand up the environment, or bring it to what the settings say
	@$(RUN) node tools/select-stack.ts --stack $(STACK)
	$(PULUMI) up --stack $(STACK) --yes $$($(RUN) node tools/refresh-option.ts --stack $(STACK)) $(POLICIES)
	@$(RUN) node tools/welcome.ts --stack $(STACK)

preview: engine ## show what `make up` would change
	@$(RUN) node tools/select-stack.ts --stack $(STACK)
	$(PULUMI) preview --stack $(STACK) --diff $(POLICIES)

preview-report: engine ## the same for a reviewer, in Markdown: make preview-report [FAIL_ON=data-loss] [ACCEPT=data-loss:pg]
	@$(RUN) node tools/select-stack.ts --stack $(STACK)
	@$(RUN) node tools/preview-report.ts --stack $(STACK) $(POLICIES) $(addprefix --out ,$(REPORT)) \
	  $(addprefix --fail-on ,$(FAIL_ON)) $(addprefix --accept ,$(ACCEPT)) $(addprefix --accepted-in ,$(ACCEPTED_IN))

destroy: engine ## remove the environment (the embedded cluster stays: see `make reset`)
	$(PULUMI) destroy --stack $(STACK) --yes
	@$(RUN) node bootstrap/cluster/main.ts names $(STACK)

status: ## show what there is of the environment: cluster, addresses, pods and versions; fails unless all is ready
	@$(RUN) node tools/status.ts --stack $(STACK)

plan: ## print what the settings amount to: replicas, processors, memory, disk
	@$(RUN) node tools/plan.ts --stack $(STACK)

dashboards: ## write Grafana's dashboards into build/dashboards, to be imported into one that is there already
	@$(RUN) node tools/dashboards.ts --stack $(STACK)

dashboard: ## draw one of them from what Prometheus says now, without a Grafana: make dashboard [NAME=overview] [SINCE=15m] [PROMETHEUS=https://…]
	@$(RUN) node tools/dashboard.ts $(or $(NAME),overview) --stack $(STACK) $(addprefix --since ,$(SINCE)) $(addprefix --prometheus ,$(PROMETHEUS))

tune: ## compare the last days with the plan: what is too small or too large: make tune [DAYS=7] [PROMETHEUS=https://…]
	@$(RUN) node tools/tune.ts --stack $(STACK) $(addprefix --days ,$(DAYS)) $(addprefix --prometheus ,$(PROMETHEUS))

logs: ## look into the logs: make logs [COMPONENT=synapse] [PERSON=ada] [REQUEST=id] [TEXT=refused] [LEVEL=error] [SINCE=1h]
	@$(RUN) node tools/logs.ts --stack $(STACK) $(if $(COMPONENT),--component '$(COMPONENT)') $(if $(PERSON),--user '$(PERSON)') \
	  $(if $(REQUEST),--request '$(REQUEST)') $(if $(TEXT),--text '$(TEXT)') $(if $(LEVEL),--level $(LEVEL)) $(addprefix --since ,$(SINCE))

servers: ## print the machines: capacity, which disks may fail, what each failure costs
	@$(RUN) node tools/servers.ts --stack $(STACK)

servers-audit: ## compare running machines with their description: make servers-audit [SERVER=name]; reports in build/servers-audit
	@$(RUN) node tools/server-audit.ts --stack $(STACK) $(addprefix --server ,$(SERVER)) --reports build/servers-audit $(SSH)

servers-configure: ## bring running machines to their description: make servers-configure [SERVER=name] [CHECK=1] [YES=1]
	@$(RUN) node tools/servers-configure.ts --stack $(STACK) $(addprefix --server ,$(SERVER)) $(if $(CHECK),--check) $(if $(YES),--yes) $(SSH)

servers-trust: ## write machines' host keys into known-hosts.<stack>, once somebody has compared them: make servers-trust [SERVER=name]
	@$(RUN) node tools/servers-trust.ts --stack $(STACK) $(addprefix --server ,$(SERVER)) $(if $(YES),--yes) $(SSH)

seeds: engine ## make what machines are installed from, in build/seeds; no cluster is needed
	@$(RUN) node tools/select-stack.ts --stack $(STACK)
	$(PULUMI) up --stack $(STACK) --yes --target '**roost:servers:Servers**' $(POLICIES)

user: ## add a person: make user NAME=ada [ADMIN=1] [RESET=1]
	@$(RUN) node tools/user.ts --stack $(STACK) $(if $(ADMIN),--admin) $(if $(RESET),--reset) $(NAME)

person: ## give somebody of the embedded directory a password: make person NAME=ada [RESET=1]
	@$(RUN) node tools/person.ts --stack $(STACK) $(if $(RESET),--reset) $(NAME)

break-glass: ## call the administration API in an emergency: make break-glass CALL='GET /_synapse/admin/v2/users' [< body.json]
	@$(RUN) node tools/break-glass.ts --stack $(STACK) "$(CALL)"

archive-verify: ## check the archive: each hash, and each event of the database: make archive-verify [EARLIER=report.json] [JSON=1]
	@$(RUN) node tools/archive-verify.ts --stack $(STACK) $(addprefix --earlier ,$(EARLIER)) $(if $(JSON),--json)

archive-export: ## export a room or a person from the archive: make archive-export ROOM='!id:example.org' | PERSON=@ada:example.org [FROM=2026-01-01] [TO=2026-01-31] [OUT=folder]
	@$(RUN) node tools/archive-export.ts --stack $(STACK) $(if $(ROOM),--room '$(ROOM)') $(if $(PERSON),--person '$(PERSON)') \
	  $(addprefix --from ,$(FROM)) $(addprefix --to ,$(TO)) $(addprefix --out ,$(OUT))

audit: ## judge an exported state: make audit STATE=state.json [CONFIG=policies.prod.json]; reports in build/audit
	@$(RUN) node tools/audit.ts $(STATE) $(if $(CONFIG),--config $(CONFIG))

images: ## build the container images and push them to the environment's registry
	$(RUN) node images/build.ts

images-resolve: ## write the digests of the upstream images into images/upstream.lock.json
	$(RUN) node images/resolve.ts

generate: ## write what follows from schema and rules: Pulumi.yaml's config section, docs/settings.md, docs/policies.md
	$(RUN) node tools/generate.ts

check: ## format, lint, types, unit tests, whole stack with mocks (no cluster)
	$(RUN) npx biome ci --error-on-warnings .
	$(RUN) npx tsc
	$(RUN) node tools/generate.ts --check
	$(RUN) npx jest --selectProjects unit --maxWorkers=2

e2e: e2e-prepare ## the real engine, cluster, database, homeserver and clients
	$(RUN) npx jest --selectProjects cluster parts --runInBand --testTimeout=120000

e2e-prepare: engine
	@$(RUN) node bootstrap/prepare.ts --stack dev
	@$(RUN) node tests/prepare.ts

servers-e2e: ## servers: seeds, kubeadm, alerts
	@$(RUN) node tests/servers/prepare.ts
	$(RUN) npx jest --selectProjects servers --runInBand --testTimeout=120000

drill: e2e-prepare ## the long runs: virtual machines that lose disks and power, Keycloak, faults while people sign in
	@$(RUN) node tests/servers/prepare.ts
	$(RUN) npx jest --selectProjects drill --runInBand --testTimeout=120000

test: ## everything: check, e2e and servers-e2e
	@$(RUN) node tests/prepare.ts
	@$(RUN) node tests/run.ts

bench: ## measure, as a table and build/bench.json
	$(RUN) node tools/bench.ts
	$(RUN) npx jest components/identity/directory/size services/directory-sync/process --selectProjects parts --runInBand \
	  --testTimeout=120000 --testNamePattern 'a large directory|people and'
	$(RUN) npx jest components/kafka/change-capture/cost --selectProjects drill --runInBand

down: ## stop the embedded cluster; its data stays
	@$(RUN) node bootstrap/cluster/main.ts down

reset: ## remove the embedded cluster and its data from this machine
	@$(RUN) node bootstrap/cluster/main.ts reset

engine:
	@$(RUN) node bootstrap/engine/install.ts pulumi kubernetes random tls
	@$(RUN) node components/postgres/fetch-manifest.ts

prepare: engine
	@$(RUN) node bootstrap/prepare.ts --stack $(STACK)
