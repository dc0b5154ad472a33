#!/bin/sh
# Builds against Debian's golang-github-golang-jwt-jwt-dev, without modules, and starts.
set -eu
cd "$(dirname "$0")"
mkdir -p build
export GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS=
go build -o build/adapter adapter.go
GOLANG_JWT_VERSION=$(dpkg-query -W -f '${Version}' golang-github-golang-jwt-jwt-dev)
export GOLANG_JWT_VERSION
exec build/adapter
