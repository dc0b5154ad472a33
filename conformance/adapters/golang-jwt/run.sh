#!/bin/sh
# Builds against Debian's golang-github-golang-jwt-jwt-dev, without modules, and starts.
set -eu
cd "$(dirname "$0")"
# Each start builds beside the others: the compiler's cache makes it short.
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cp adapter.go ../cvap.go "$build"
export GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS=
(cd "$build" && go build -o adapter adapter.go cvap.go)
GOLANG_JWT_VERSION=$(dpkg-query -W -f '${Version}' golang-github-golang-jwt-jwt-dev)
export GOLANG_JWT_VERSION
"$build/adapter"
