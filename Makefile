# Everything a person does with this repository. `make demo` needs nothing but Go.

GO      ?= go
ARGS    ?=
STRICT  ?=
VERSION ?= $(shell git describe --always --dirty 2>/dev/null || echo dev)
# The number of a card's system: a newer one has a higher one.
NUMBER  ?= $(shell TZ=UTC0 git log -1 --date=format-local:%Y%m%d%H%M --format=%cd 2>/dev/null || echo 0)
LDFLAGS := -s -w
# A kiosk asks one host for a few files a day: HTTP/1.1 serves, and half a
# megabyte is saved.
TAGS    := nethttpomithttp2
export CGO_ENABLED := 0
# The published JSON-LD contexts, which are not ours to ship.
CONTEXTS := ../shared/vectors/contexts

.PHONY: demo test check build image packs archives outdated fonts speech gallery bench bench-scan bench-verify interop vmtest soak proof generate setup clean example-bundle

## demo: the whole kiosk on this computer, in a browser
demo:
	@$(GO) run ./cmd/kiosk demo $(ARGS)

## test: all tests; on Debian as root it first installs what they use
test: setup
	$(GO) test -json ./... | $(GO) run ./.ci/report $(STRICT)

setup:
	@./.ci/setup

## check: format, vet, staticcheck, layout, generated tables, all boards build
check: build
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt these:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) test -count=1 -run TestLayout .
	GOOS=js GOARCH=wasm $(GO) build -o /dev/null ./verify
	@if [ -d $(CONTEXTS) ]; then $(GO) run ./verify/rdf/gen -check -from $(CONTEXTS) -out verify/rdf/contexts.txt; \
	else echo "SKIP-SHARED: the published contexts are not beside this checkout; the table is not made anew"; fi

## build: the static binary for every board
build:
	GOOS=linux GOARCH=amd64 $(GO) build -trimpath -tags $(TAGS) -ldflags "$(LDFLAGS)" -o build/kiosk-linux-amd64 ./cmd/kiosk
	GOOS=linux GOARCH=arm64 $(GO) build -trimpath -tags $(TAGS) -ldflags "$(LDFLAGS)" -o build/kiosk-linux-arm64 ./cmd/kiosk
	GOOS=linux GOARCH=arm GOARM=6 $(GO) build -trimpath -tags $(TAGS) -ldflags "$(LDFLAGS)" -o build/kiosk-linux-armv6 ./cmd/kiosk

## image: a card to flash, build/image/badge-kiosk.img; BOARD= PANEL= ROOT= BUNDLE= choose
image: build packs
	$(GO) run ./image -number $(NUMBER) -version $(VERSION) -board $(or $(BOARD),all) -panel $(or $(PANEL),kms) -root "$(ROOT)" -bundle "$(BUNDLE)" -from build -to build/image/badge-kiosk.img

# packs are what a card writes and speaks with, as far as this computer can make
# them: they need Debian's tools.
packs:
	@$(MAKE) -s build/fonts.made || echo "image: no font pack: only Latin, Greek and Cyrillic letters"
	@$(MAKE) -s build/speech/SHA256SUMS || echo "image: no clips: the card does not speak"

build/fonts.made: display/fonts/make
	display/fonts/make build/fonts
	touch $@

build/speech/SHA256SUMS: image/speech/make image/inputs.lock $(wildcard cmd/kiosk/words/*.json)
	image/speech/make build/speech
	touch $@

## archives: one archive of the program for each board, for systems that one has
archives: build
	$(GO) run ./image -version $(VERSION) -from build -to build/image

## outdated: newer versions of what goes on the card
outdated:
	$(GO) run ./image -outdated

## example-bundle: a sealed coalition and badges of every verdict in build/example, all keys new
example-bundle:
	rm -rf build/example
	$(GO) run ./cmd/kiosk bundle example build/example

## fonts: the font pack for scripts beyond Latin, Greek and Cyrillic (Debian)
fonts:
	display/fonts/make build/fonts

## speech: the clips that the kiosk speaks with, in build/speech (Debian)
speech:
	image/speech/make build/speech

## gallery: everything the kiosk can show, drawn anew, in docs/screens.md and docs/gallery
gallery: fonts
	$(GO) test ./display -run "Golden|Gallery" -update
	$(GO) test ./cmd/kiosk -run Gallery -update

## bench: every benchmark, each against a peer or a physical limit
bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

## bench-verify: judging beside json-gold, go-jose, golang-jwt and npm's vc, verifier-core and jose; the tables are docs/speed.md
bench-verify:
	$(GO) test -run '^$$' -bench 'Verify|Canonical|Badge|Usual' -benchtime 1000x ./verify ./verify/rdf ./verify/jose ./verify/proof ./verify/bbs
	./interop/speed/run

## interop: badges made anew with other people's libraries, judged by us, and ours by them (npm)
interop:
	./interop/run
	./interop/jsonld/run
	./interop/cborld/run

## bench-scan: our reader beside every other, over the same pictures
bench-scan:
	./interop/scanbench/run

## vmtest: start a built card on emulated boards and look at all it does (installs QEMU on Debian as root); ONLY=NAME,NAME is a part
vmtest:
	@./image/vmtest/setup
	$(GO) run ./image/vmtest $(if $(ONLY),-only $(ONLY))

## soak: 24 hours at the desk, in virtual time; SOAK=1h is shorter
soak:
	SOAK=$(or $(SOAK),24h) $(GO) test -count=1 -timeout 90m -v -run Soak ./cmd/kiosk

## proof: everything that takes long, into docs/proof; PROOF= names what
proof:
	./.ci/proof $(PROOF)

clean:
	rm -rf build
